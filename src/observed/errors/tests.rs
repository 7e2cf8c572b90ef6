//! Errors as servers, databases and clients write them.

use super::ErrorCategory::{
    Internal, NotFound, Other, Permission, RateLimit, Timeout, Unavailable, Validation,
};
use super::*;
use crate::json::{Object, parse};

/// A result that says `isError` with this text.
fn failed(text: &str) -> Outcome {
    let block: Object = [("type", Json::from("text")), ("text", Json::from(text))]
        .into_iter()
        .collect();
    let members = [
        ("content", Json::Array(vec![block.into()])),
        ("isError", Json::Bool(true)),
    ];
    Outcome::Answered(members.into_iter().collect::<Object>().into())
}

#[test]
fn texts_have_a_category() {
    for (text, category) in [
        // TypeScript servers
        (
            "MCP error -32602: Input validation error: Invalid arguments for tool get_forecast: [{\"code\":\"invalid_type\",\"expected\":\"string\",\"path\":[\"city\"],\"message\":\"Required\"}]",
            Validation,
        ),
        ("MCP error -32602: Tool get_radar not found", NotFound),
        ("MCP error -32601: Method not found", NotFound),
        ("MCP error -32001: Request timed out", Timeout),
        ("MCP error -32000: Connection closed", Unavailable),
        ("MCP error -32603: oh", Internal),
        (
            "ENOENT: no such file or directory, open '/srv/notes.txt'",
            NotFound,
        ),
        ("EACCES: permission denied, mkdir '/root/x'", Permission),
        ("EISDIR: illegal operation on a directory, read", Validation),
        ("ENOSPC: no space left on device, write", Internal),
        (
            "Access denied - path outside allowed directories: /etc not in /srv",
            Permission,
        ),
        ("connect ECONNREFUSED 127.0.0.1:5432", Unavailable),
        ("getaddrinfo ENOTFOUND api.example.test", Unavailable),
        ("read ECONNRESET", Unavailable),
        ("TypeError: fetch failed", Unavailable),
        (
            "Cannot read properties of undefined (reading 'id')",
            Internal,
        ),
        ("items.map is not a function", Internal),
        ("AxiosError: Request failed with status code 429", RateLimit),
        ("Request failed with status code 404", NotFound),
        ("The operation was aborted due to timeout", Timeout),
        ("Unexpected token < in JSON at position 0", Validation),
        // Python servers
        (
            "1 validation error for get_forecastArguments\ncity\n  Field required [type=missing, input_value={}, input_type=dict]",
            Validation,
        ),
        ("2 validation errors for call[search]", Validation),
        (
            "Error executing tool read: [Errno 2] No such file or directory: 'a.txt'",
            NotFound,
        ),
        (
            "Error executing tool read: [Errno 13] Permission denied: '/etc/shadow'",
            Permission,
        ),
        (
            "Error calling tool 'sum': unsupported operand type(s) for +: 'int' and 'str'",
            Validation,
        ),
        (
            "Error calling tool 'get': 'NoneType' object has no attribute 'name'",
            Internal,
        ),
        ("Unknown tool: frobnicate", NotFound),
        ("FileNotFoundError: data.csv", NotFound),
        ("PermissionError: cannot open", Permission),
        ("TimeoutError", Timeout),
        ("KeyError: 'total'", Internal),
        ("ValueError: bad thing", Validation),
        ("list index out of range", Internal),
        (
            "Traceback (most recent call last):\n  File \"x.py\", line 1",
            Internal,
        ),
        (
            "call() got an unexpected keyword argument 'limit'",
            Validation,
        ),
        (
            "Client error '401 Unauthorized' for url 'https://api.example.test/me'",
            Permission,
        ),
        (
            "Server error '500 Internal Server Error' for url 'https://api.example.test'",
            Internal,
        ),
        (
            "HTTPSConnectionPool(host='x', port=443): Max retries exceeded with url: /",
            Unavailable,
        ),
        ("All connection attempts failed", Unavailable),
        (
            "[Errno -3] Temporary failure in name resolution",
            Unavailable,
        ),
        // Go servers
        ("open config.yaml: no such file or directory", NotFound),
        ("context deadline exceeded", Timeout),
        (
            "dial tcp: lookup api.example.test: no such host",
            Unavailable,
        ),
        (
            "dial tcp 10.0.0.1:443: connect: connection refused",
            Unavailable,
        ),
        (
            "Get \"https://x\": net/http: TLS handshake timeout",
            Timeout,
        ),
        (
            "runtime error: invalid memory address or nil pointer dereference",
            Internal,
        ),
        ("sql: no rows in result set", NotFound),
        ("missing required parameter: owner", Validation),
        ("x509: certificate signed by unknown authority", Unavailable),
        // Rust servers
        ("No such file or directory (os error 2)", NotFound),
        ("Permission denied (os error 13)", Permission),
        ("thread 'main' panicked at src/main.rs:4:5", Internal),
        (
            "error sending request for url (https://api.example.test/)",
            Unavailable,
        ),
        (
            "invalid type: string \"x\", expected u32 at line 1 column 9",
            Validation,
        ),
        ("missing field `city` at line 1 column 2", Validation),
        ("deadline has elapsed", Timeout),
        // Databases
        ("relation \"orders\" does not exist", NotFound),
        (
            "duplicate key value violates unique constraint \"users_pkey\"",
            Validation,
        ),
        ("canceling statement due to statement timeout", Timeout),
        ("permission denied for table users", Permission),
        (
            "password authentication failed for user \"app\"",
            Permission,
        ),
        ("syntax error at or near \"SELEC\"", Validation),
        ("ER_NO_SUCH_TABLE: Table 'x.y' doesn't exist", NotFound),
        (
            "Access denied for user 'app'@'localhost' (using password: YES)",
            Permission,
        ),
        ("SQLITE_ERROR: no such table: users", NotFound),
        ("database is locked", Unavailable),
        ("deadlock detected", Unavailable),
        ("FATAL: sorry, too many clients already", Unavailable),
        ("MongoServerSelectionError: connection timed out", Timeout),
        // Services behind a server
        ("API rate limit exceeded for 203.0.113.7", RateLimit),
        (
            "You exceeded your current quota, please check your plan",
            RateLimit,
        ),
        ("RESOURCE_EXHAUSTED: try later", RateLimit),
        ("ThrottlingException: Rate exceeded", RateLimit),
        ("429 Too Many Requests", RateLimit),
        (
            "HTTP 403: Resource not accessible by integration",
            Permission,
        ),
        ("Bad credentials", Permission),
        ("invalid_grant: Token has been revoked", Permission),
        ("Incorrect API key provided", Permission),
        ("HTTP/1.1 502 Bad Gateway", Unavailable),
        ("503 Service Unavailable", Unavailable),
        ("504 Gateway Timeout", Timeout),
        ("404 Not Found", NotFound),
        (
            "ResourceNotFoundException: Requested resource not found",
            NotFound,
        ),
        (
            "The model is overloaded. Please try again later.",
            Unavailable,
        ),
        ("INVALID_ARGUMENT: page_size", Validation),
        ("UNAUTHENTICATED: missing header", Permission),
        ("Issue #42 could not be found", NotFound),
        ("City must be a string", Validation),
        ("Something went wrong", Internal),
        ("Internal error", Internal),
        // Nothing that tells
        ("", Other),
        ("Nope.", Other),
        (
            "The foundation is timeoutless and unauthorizedly notfounded",
            Other,
        ),
        ("There are 404 apples", Other),
    ] {
        assert_eq!(categorise(&failed(text)), Some(category), "{text}");
    }
}

#[test]
fn codes_statuses_and_transports_have_a_category() {
    let refused = |code: i64, message: &str| Outcome::Refused {
        code,
        message: message.to_owned(),
    };
    for (outcome, category) in [
        (refused(-32602, "Unknown tool: x"), NotFound),
        (
            refused(-32602, "Invalid params: city not found"),
            Validation,
        ),
        (refused(-32602, ""), Validation),
        (refused(-32601, "nope"), NotFound),
        (refused(-32002, "Resource"), NotFound),
        (refused(-32603, "x"), Internal),
        (refused(-32603, "Rate limit exceeded"), RateLimit),
        (refused(-32000, "Unauthorized"), Permission),
        (refused(-32001, "Session"), Timeout),
        (refused(-32700, "Timeout"), Validation),
        (refused(429, "slow"), RateLimit),
        (refused(1, "?"), Other),
        (refused(i64::MIN, ""), Other),
        (Outcome::Status(401), Permission),
        (Outcome::Status(404), NotFound),
        (Outcome::Status(418), Validation),
        (Outcome::Status(500), Internal),
        (Outcome::Status(503), Unavailable),
        (Outcome::Status(302), Other),
        (Outcome::TimedOut { limit_ms: 1 }, Timeout),
        (Outcome::TooLarge { limit: 1 }, Other),
        (Outcome::Lost("exit code 1".to_owned()), Unavailable),
    ] {
        assert_eq!(categorise(&outcome), Some(category), "{outcome:?}");
        assert!(error_digest(&outcome).is_some());
    }
}

#[test]
fn a_success_has_none() {
    for result in [
        r#"{"content": [{"type": "text", "text": "not found"}]}"#,
        r#"{"isError": false}"#,
    ] {
        let outcome = Outcome::Answered(parse(result).expect("valid"));
        assert_eq!(
            (
                categorise(&outcome),
                error_text(&outcome),
                error_digest(&outcome)
            ),
            (None, None, None)
        );
    }
}

#[test]
fn an_error_without_a_text_may_say_it_in_its_content() {
    let result =
        r#"{"isError": true, "content": [], "structuredContent": {"error": "rate_limited"}}"#;
    assert_eq!(
        categorise(&Outcome::Answered(parse(result).expect("valid"))),
        Some(RateLimit)
    );
}

#[test]
fn two_runs_of_one_error_have_one_digest() {
    let (a, b) = (
        failed("Order 17 not found at 12:30:01"),
        failed("Order 4 not found at 09:00:59"),
    );
    assert_eq!(error_digest(&a), error_digest(&b));
    assert_ne!(error_digest(&a), error_digest(&failed("User 4 not found")));
}

#[test]
fn every_row_can_be_found_and_none_twice() {
    let mut seen = std::collections::BTreeSet::new();
    for (phrase, _) in table::PHRASES {
        assert_eq!(
            words::of(phrase),
            format!(" {phrase} "),
            "a row is bare words"
        );
        assert!(seen.insert(phrase), "{phrase} stands twice");
        assert_ne!(of_text(phrase), Other);
    }
    for category in ErrorCategory::ALL {
        assert_eq!(ErrorCategory::parse(category.name()), Some(category));
        let written = serde_json::to_string(&category).expect("plain");
        assert_eq!(written, format!("\"{}\"", category.name()));
    }
}
