//! What may be called, by what servers say of themselves.

use super::*;
use crate::json;

fn surface(text: &str) -> Surface {
    Surface::from_document(&json::parse(text).expect("JSON")).expect("a surface")
}

fn permit(probe: Probe) -> Permit {
    Permit {
        probe,
        ..Permit::default()
    }
}

fn plan(now: &Surface, approved: Option<&Surface>, permit: &Permit) -> Plan {
    Plan::new(&Server { now, approved }, permit)
}

fn called(plan: &Plan) -> Vec<String> {
    let places = plan.readings.iter().map(|step| step.target.place());
    places.collect()
}

fn withheld(plan: &Plan) -> Vec<(&str, &Reason)> {
    let all = plan.withheld.iter();
    all.map(|one| (one.at.as_str(), &one.why)).collect()
}

fn scenario(name: &str, tool: &str, allow_destructive: bool) -> Scenario {
    Scenario {
        name: name.to_owned(),
        step: Step {
            allow_destructive,
            ..harmless_step(Target::Tool(tool.to_owned()), no_arguments())
        },
        repeat: 1,
        expect: Default::default(),
        setup: Vec::new(),
        teardown: Vec::new(),
        tags: Vec::new(),
    }
}

const TOOLS: &str = r#"{"tools":[
    {"name":"read","inputSchema":{"type":"object"},"annotations":{"readOnlyHint":true}},
    {"name":"find","inputSchema":{"type":"object","required":["q"],"properties":{"q":{"type":"string"}}},"annotations":{"readOnlyHint":true}},
    {"name":"add","inputSchema":{"type":"object"},"annotations":{"destructiveHint":false}},
    {"name":"plain","inputSchema":{"type":"object"}},
    {"name":"liar","inputSchema":{"type":"object"},"annotations":{"readOnlyHint":"true"}},
    {"name":"slow","inputSchema":{"type":"object"},"annotations":{"readOnlyHint":true},"execution":{"taskSupport":"required"}},
    {"name":"twin","inputSchema":{"type":"object"},"annotations":{"readOnlyHint":true}},
    {"name":"twin","inputSchema":{"type":"object"}}],
  "prompts":[{"name":"hello"},{"name":"review","arguments":[{"name":"file","required":true}]}],
  "resources":[{"uri":"demo://a"},{"uri":"demo://a"}]}"#;

#[test]
fn nothing_is_called_unless_the_user_says_so() {
    let now = surface(TOOLS);
    for probe in [Probe::None, Probe::Scenarios] {
        let plan = plan(&now, None, &permit(probe));
        assert!(plan.is_empty(), "{probe:?}");
        assert!(plan.withheld.iter().all(|one| one.why == Reason::Off));
        assert!(plan.notes().is_empty());
    }
}

#[test]
fn read_only_means_the_servers_own_word_for_every_tool_of_the_name() {
    let now = surface(TOOLS);
    let plan = plan(&now, None, &permit(Probe::ReadOnly));
    assert_eq!(
        called(&plan),
        ["tools/read", "prompts/hello", "resources/demo://a"]
    );
    assert_eq!(
        withheld(&plan),
        [
            (
                "tools/find",
                &Reason::NeedsScenario("its required argument `q` has no example".to_owned())
            ),
            ("tools/add", &Reason::MayChange),
            ("tools/plain", &Reason::MayChange),
            ("tools/liar", &Reason::MayChange),
            ("tools/slow", &Reason::Task),
            ("tools/twin", &Reason::MayChange),
            (
                "prompts/review",
                &Reason::NeedsScenario("its argument `file` is required".to_owned())
            ),
        ]
    );
    let notes = plan.notes().join("\n");
    assert!(notes.contains("`tools/find`: needs a scenario"), "{notes}");
    assert!(!notes.contains("tools/add"), "{notes}");
}

#[test]
fn allowed_tools_narrow_what_only_reads() {
    let now = surface(TOOLS);
    let permit = Permit {
        allow_tools: Some(vec!["get_*".to_owned(), "plain".to_owned()]),
        ..permit(Probe::ReadOnly)
    };
    let plan = plan(&now, None, &permit);
    assert_eq!(called(&plan), ["prompts/hello", "resources/demo://a"]);
    assert!(withheld(&plan).contains(&("tools/plain", &Reason::MayChange)));
}

#[test]
fn a_claim_that_is_newer_than_the_approval_is_not_believed() {
    let now = surface(TOOLS);
    let was = surface(r#"{"tools":[{"name":"read","inputSchema":{"type":"object"}}]}"#);
    let plan = plan(&now, Some(&was), &permit(Probe::ReadOnly));
    assert!(withheld(&plan).contains(&("tools/read", &Reason::NewClaim)));
}

#[test]
fn a_scenario_with_a_destructive_call_says_so_or_is_refused() {
    let now = surface(TOOLS);
    let suite = Suite {
        scenarios: vec![
            scenario("reads", "read", false),
            scenario("adds", "add", false),
            scenario("dares", "plain", true),
            scenario("forgets", "plain", false),
            scenario("waits", "slow", true),
            scenario("unknown", "nowhere", false),
        ],
        ..Suite::default()
    };
    let permit = Permit {
        suite: suite.clone(),
        ..permit(Probe::Scenarios)
    };
    let planned = plan(&now, None, &permit);
    let run: Vec<&str> = planned.scenarios().map(|one| one.name.as_str()).collect();
    assert_eq!(run, ["reads", "adds", "dares"]);
    assert!(planned.refused["forgets"].contains("allowDestructive: true"));

    let shared = Permit {
        suite: Suite {
            teardown: vec![scenario("", "plain", false).step],
            ..suite
        },
        ..permit
    };
    let planned = plan(&now, None, &shared);
    assert!(
        !planned.runs_scenarios(),
        "what cannot be cleaned up is not begun"
    );
}
