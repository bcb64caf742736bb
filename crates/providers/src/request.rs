//! What a browser takes to a provider, and brings back.

/// What this server sends with a browser, and recognises its answer by.
#[derive(Clone, Copy)]
pub struct AuthorizationRequest<'a> {
    /// Where the answer goes.
    pub redirect_uri: &'a str,
    /// What comes back with it.
    pub state: &'a str,
    /// What comes back in the ID token.
    pub nonce: &'a str,
    /// What is shown with the code: its digest was sent (RFC 7636).
    pub verifier: &'a str,
}

/// What a browser brought back, apart from the state.
#[derive(Clone, Copy, Default)]
pub struct Answer<'a> {
    /// The code.
    pub code: Option<&'a str>,
    /// The error in its place.
    pub error: Option<&'a str>,
    /// Whose answer it is (RFC 9207).
    pub issuer: Option<&'a str>,
}
