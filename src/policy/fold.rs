//! The same edit on many things, told once.

use std::collections::{BTreeMap, BTreeSet};

use crate::canon;
use crate::json::Json;
use crate::report::{Finding, Place};

/// On how many things the same edit must stand to be told once.
const FOLD: usize = 3;

/// Rules whose edit is the same wherever it stands in a thing and however it is written.
const SAME_ANYWHERE: [&str; 1] = ["input-opened"];

/// Tells the same edit on many things once: the first of them speaks for all.
pub(super) fn fold(findings: Vec<Finding>) -> Vec<Finding> {
    let mut groups = BTreeMap::<_, Vec<usize>>::new();
    for (index, finding) in findings.iter().enumerate() {
        if !finding.place.pointer.is_root()
            && finding.new_at.is_none()
            && finding.place.at.contains('/')
        {
            let anywhere = SAME_ANYWHERE.contains(&finding.rule);
            let digest = |value: Option<&Json>| value.filter(|_| !anywhere).map(canon::digest);
            let values = (digest(finding.old.as_ref()), digest(finding.new.as_ref()));
            let pointer = (!anywhere).then(|| finding.place.pointer.clone());
            let key = (
                finding.rule,
                finding.severity,
                pointer,
                values,
                finding.ignored.clone(),
            );
            groups.entry(key).or_default().push(index);
        }
    }
    let mut findings: Vec<_> = findings.into_iter().map(Some).collect();
    let mut told = Vec::new();
    for mut members in groups.into_values() {
        let things: BTreeSet<_> = members.iter().map(|index| at(&findings, *index)).collect();
        if things.len() < FOLD {
            continue;
        }
        members.sort_by(|a, b| place(&findings, *a).cmp(&place(&findings, *b)));
        let mut members = members
            .into_iter()
            .filter_map(|index| findings[index].take());
        let Some(mut first) = members.next() else {
            continue;
        };
        let mut others = 0;
        for other in members {
            others += 1;
            first.folds.push(other.fingerprint);
            first.covers.push(other.place);
            first.covers.extend(other.covers);
        }
        first
            .message
            .push_str(&format!("; the same in {others} more"));
        told.push(first);
    }
    told.extend(findings.into_iter().flatten());
    told
}

fn at(findings: &[Option<Finding>], index: usize) -> Option<&str> {
    place(findings, index).map(|place| place.at.as_str())
}

fn place(findings: &[Option<Finding>], index: usize) -> Option<&Place> {
    findings[index].as_ref().map(|finding| &finding.place)
}
