//! The reasons for refusing a body or one of its fields. They never contain what the client sent.

use std::error::Error;
use std::fmt;
use std::io::{self, ErrorKind};

/// Why a whole body is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyError {
    /// The body violates its content type: broken, ambiguous, not UTF-8, too deeply nested, too many fields.
    /// For 400.
    Malformed,
    /// The body, or all of it except the file, has more bytes than the caller allows. For 413.
    TooLarge,
    /// The file has more bytes than the caller allows. For 413.
    FileTooLarge,
    /// The body's type is unknown or missing, or its charset is not UTF-8. For 415.
    UnsupportedMediaType,
    /// A field is named `_method`, with which Rocket lets a form choose another method. For 400.
    MethodOverride,
    /// The client stopped sending the body. For 408.
    TimedOut,
    /// The client disconnected before the body was complete; nobody receives an answer.
    Disconnected,
    /// Reading failed for another reason, or the file could not be written. For 503: the disk may have space
    /// later.
    Io(ErrorKind),
}

impl BodyError {
    /// Converts a failed read. Servers wrap the reason into errors of their own, so the whole chain of
    /// sources is searched.
    pub(super) fn from_reading(error: &io::Error) -> Self {
        let mut link: Option<&(dyn Error + 'static)> = Some(error);
        while let Some(cause) = link {
            if let Some(ours) = cause.downcast_ref::<Self>() {
                return *ours;
            }
            let io_error = cause.downcast_ref::<io::Error>();
            match io_error.map(io::Error::kind) {
                Some(ErrorKind::TimedOut) => return Self::TimedOut,
                Some(
                    ErrorKind::UnexpectedEof
                    | ErrorKind::ConnectionReset
                    | ErrorKind::ConnectionAborted
                    | ErrorKind::BrokenPipe
                    | ErrorKind::NotConnected,
                ) => return Self::Disconnected,
                // A malformed chunk of a chunked body.
                Some(ErrorKind::InvalidData | ErrorKind::InvalidInput) => return Self::Malformed,
                _ => {}
            }
            // `source()` of an `io::Error` skips the very error that it wraps.
            link = match io_error.and_then(io::Error::get_ref) {
                Some(wrapped) => Some(wrapped),
                None => cause.source(),
            };
        }
        Self::Io(error.kind())
    }
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => f.write_str("the body is malformed"),
            Self::TooLarge => f.write_str("the body is too large"),
            Self::FileTooLarge => f.write_str("the file is too large"),
            Self::UnsupportedMediaType => f.write_str("the type of the body is not supported"),
            Self::MethodOverride => f.write_str("a body may not choose the method"),
            Self::TimedOut => f.write_str("the body did not arrive in time"),
            Self::Disconnected => f.write_str("the client went away"),
            Self::Io(kind) => write!(f, "the body could not be read or stored: {kind}"),
        }
    }
}

impl Error for BodyError {}

/// Why a field does not have the type that the caller asked for. All are for 400.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldProblem {
    /// The body has several fields of this name.
    Repeated,
    /// The field has another type: a list, an object, a file, text that is not a number, …
    WrongType,
    /// The field is an integer that does not fit into 64 bits.
    OutOfRange,
}

impl fmt::Display for FieldProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Repeated => "the field was sent more than once",
            Self::WrongType => "the field has the wrong type",
            Self::OutOfRange => "the number is out of range",
        })
    }
}

impl Error for FieldProblem {}

#[cfg(test)]
mod tests {
    use super::*;

    /// An error that wraps the real reason, as server libraries make them.
    #[derive(Debug)]
    struct Wrapped(io::Error);

    impl fmt::Display for Wrapped {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("error reading a body")
        }
    }

    impl Error for Wrapped {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&self.0)
        }
    }

    #[test]
    fn a_read_that_timed_out_is_told_from_a_client_that_went_away() {
        let reading = |kind: ErrorKind| BodyError::from_reading(&kind.into());
        assert_eq!(reading(ErrorKind::TimedOut), BodyError::TimedOut);
        assert_eq!(reading(ErrorKind::UnexpectedEof), BodyError::Disconnected);
        assert_eq!(reading(ErrorKind::ConnectionReset), BodyError::Disconnected);
        let other = reading(ErrorKind::PermissionDenied);
        assert_eq!(other, BodyError::Io(ErrorKind::PermissionDenied));
    }

    #[test]
    fn the_reason_is_found_inside_the_errors_that_wrap_it() {
        let gone = io::Error::other(Wrapped(ErrorKind::UnexpectedEof.into()));
        assert_eq!(BodyError::from_reading(&gone), BodyError::Disconnected);
        let late = io::Error::other(io::Error::from(ErrorKind::TimedOut));
        assert_eq!(BodyError::from_reading(&late), BodyError::TimedOut);
        let ours = io::Error::other(BodyError::TooLarge);
        assert_eq!(BodyError::from_reading(&ours), BodyError::TooLarge);
    }
}
