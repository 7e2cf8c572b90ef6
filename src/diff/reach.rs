//! Whether a value reaches beyond the server: which URLs, hosts and UI resources it names that it did not name before.

use std::collections::BTreeSet;

use super::change::Reach;
use crate::json::Json;

/// Members that name a UI resource, by the end of their name, whatever their value looks like.
const UI_MEMBERS: [&str; 2] = ["resourceuri", "outputtemplate"];

/// Parts of the names of members that hold hosts; elsewhere a name with dots is as likely a package or an API group.
const ABOUT_PLACES: [&str; 9] = [
    "csp", "connect", "domain", "endpoint", "host", "origin", "src", "uri", "url",
];

/// Last labels by which a name with dots is a host and not a file or a version.
const TOP_LEVEL: [&str; 24] = [
    "com", "org", "net", "io", "dev", "ai", "app", "co", "cloud", "info", "biz", "xyz", "me",
    "site", "online", "tech", "example", "test", "internal", "local", "onion", "eu", "uk", "de",
];

/// How far a new value reaches, compared with the old one in its place.
pub(super) fn reach(old: Option<&Json>, new: Option<&Json>) -> Reach {
    reach_of("", old, new)
}

/// As [`reach`], of a member with a name of its own.
pub(super) fn reach_of(name: &str, old: Option<&Json>, new: Option<&Json>) -> Reach {
    let (mut before, mut now) = (Named::default(), Named::default());
    before.read(name, false, old);
    now.read(name, false, new);
    if !now.ui.is_subset(&before.ui) {
        Reach::UiResource
    } else if !now.hosts.is_subset(&before.hosts) {
        Reach::NewUrl
    } else {
        Reach::Nowhere
    }
}

/// What a value names.
#[derive(Default)]
struct Named<'a> {
    ui: BTreeSet<&'a str>,
    hosts: BTreeSet<&'a str>,
}

impl<'a> Named<'a> {
    /// Reads what a member holds; `places` is whether one around it is about places.
    fn read(&mut self, name: &str, places: bool, value: Option<&'a Json>) {
        let lower = name.to_lowercase();
        let places = places || ABOUT_PLACES.iter().any(|about| lower.contains(about));
        match value {
            Some(Json::String(text)) => self.text(&lower, places, text),
            Some(Json::Array(items)) => {
                for item in items {
                    self.read(name, places, Some(item));
                }
            }
            Some(Json::Object(object)) => {
                for (name, value) in object.iter() {
                    self.read(name, places, Some(value));
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, name: &str, places: bool, text: &'a str) {
        if !text.is_empty() && UI_MEMBERS.iter().any(|member| name.ends_with(member)) {
            self.ui.insert(text);
        }
        if text.starts_with("data:") {
            // All of it is there; what it names nobody fetches to show it.
            return;
        }
        let around = |c: char| c.is_whitespace() || "\"'<>()[]{}`,;|".contains(c);
        for word in text.split(around).filter(|word| !word.is_empty()) {
            let lower = word.to_lowercase();
            if lower.starts_with("ui://") {
                self.ui.insert(word);
            } else if lower.contains("://")
                || lower.starts_with("www.")
                || (places && is_host(&lower))
            {
                self.hosts.insert(word);
            }
        }
    }
}

/// Whether a word, in lower case, is a host without a scheme: `api.example.com`, `*.example.com:8443`, `//cdn.example`.
fn is_host(word: &str) -> bool {
    let (word, bare) = match word.strip_prefix("//") {
        Some(rest) => (rest, false),
        None => (word, true),
    };
    let word = word.split('/').next().unwrap_or_default();
    let word = word.trim_end_matches(['.', ':', '!', '?']);
    let word = match word.rsplit_once(':') {
        Some((host, port)) if port.parse::<u16>().is_ok() => host,
        _ => word,
    };
    let labels: Vec<&str> = word.split('.').collect();
    let named = |label: &&str| {
        !label.is_empty()
            && label
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '*'))
    };
    if !labels.iter().all(named) {
        return false;
    }
    let is_address = labels.len() == 4 && labels.iter().all(|label| label.parse::<u8>().is_ok());
    let last = labels.last().copied().unwrap_or_default();
    is_address || (labels.len() > 1 && (!bare || TOP_LEVEL.contains(&last)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    fn of(old: &str, new: &str) -> Reach {
        let read = |text| parse(text).expect("JSON");
        reach(Some(&read(old)), Some(&read(new)))
    }

    #[test]
    fn new_places_are_seen_and_old_ones_are_not() {
        for new in [
            r#""https://b.example/x""#,
            r#"{"allowedHosts":["api.example.com"]}"#,
            r#"{"csp":{"connect":["*.example.com:8443"]}}"#,
            r#"{"src":"//cdn.example/x.png"}"#,
            r#"{"url":"10.0.0.7:8080"}"#,
            r#""see www.example.org""#,
        ] {
            assert_eq!(of("{}", new), Reach::NewUrl, "{new}");
            assert_eq!(of(new, new), Reach::Nowhere, "{new}");
        }
        let text = |lead: &str| format!("\"{lead} https://a.example/x.\"");
        assert_eq!(of(&text("see"), &text("look at")), Reach::Nowhere);
    }

    #[test]
    fn files_versions_and_data_are_no_places() {
        for new in [
            r#""index.html""#,
            r#""1.2.3""#,
            r#""data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>""#,
            r#"{"apiGroups":["metrics.k8s.io"]}"#,
            r#"{"uri":"index.html"}"#,
            r#""acme.search.v2""#,
        ] {
            assert_eq!(of("{}", new), Reach::Nowhere, "{new}");
        }
    }

    #[test]
    fn what_names_a_ui_resource_is_one() {
        for new in [
            r#"{"ui":{"resourceUri":"ui://shop/cart"}}"#,
            r#"{"openai/outputTemplate":"https://a.example/cart"}"#,
            r#""ui://shop/cart""#,
        ] {
            assert_eq!(of("{}", new), Reach::UiResource, "{new}");
            assert_eq!(of(new, "{}"), Reach::Nowhere, "{new}");
        }
    }
}
