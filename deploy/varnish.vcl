vcl 4.1;
# Varnish in front of Vestibule, behind whatever speaks TLS. Vestibule's settings beside it:
#   public_url = "https://accounts.example.org"
#   ip_header = "X-Real-IP"

backend vestibule {
    .host = "127.0.0.1";
    .port = "8000";
    # Longer than the 25 s between two signs of life on a stream of events.
    .between_bytes_timeout = 75s;
}

sub vcl_recv {
    # This replaces whatever the client sent under that name. Behind a TLS terminator that speaks the PROXY protocol
    # it is the client's address too.
    set req.http.X-Real-IP = client.ip;
    # Pages belong to one person each. Only files and pictures, whose addresses change with their content, are kept.
    # With a path in public_url it stands before both: ^/account/static/ and ^/account/user/picture/.
    if (req.method != "GET" || (req.url !~ "^/static/" && req.url !~ "^/user/picture/")) {
        return (pass);
    }
    unset req.http.Cookie;
    return (hash);
}
