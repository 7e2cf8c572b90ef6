//! Values that a schema lists: which are equal, and what differs from one.

use super::formula::{Formulas, Id, Kind, Names, Node};
use crate::json::Json;

impl Formulas {
    /// Of types and one list of values that both hold leaves the values of these types.
    pub(super) fn listed_of_kinds(&mut self, parts: &mut Vec<Id>) {
        let mut kinds = u8::MAX;
        let mut lists = Vec::new();
        for part in parts.iter() {
            match self.node(*part) {
                Node::Kinds(allowed) => kinds &= allowed,
                Node::Values(numbers) => lists.push(numbers),
                _ => {}
            }
        }
        let [numbers] = lists.as_slice() else {
            return;
        };
        if kinds == u8::MAX {
            return;
        }
        let of_kinds = |number: &&u32| kinds & Kind::of(self.value(**number)).bit() != 0;
        let left: Vec<u32> = numbers.iter().filter(of_kinds).copied().collect();
        parts.retain(|part| !matches!(self.node(*part), Node::Kinds(_) | Node::Values(_)));
        parts.push(self.intern_values(left));
        parts.sort_unstable();
    }

    /// Of several lists of values of which any may hold makes one.
    pub(super) fn listed_together(&mut self, parts: &mut Vec<Id>) {
        let mut numbers: Vec<u32> = Vec::new();
        let mut lists = 0;
        for part in parts.iter() {
            if let Node::Values(listed) = self.node(*part) {
                numbers.extend(listed);
                lists += 1;
            }
        }
        if lists < 2 {
            return;
        }
        numbers.sort_unstable();
        numbers.dedup();
        parts.retain(|part| !matches!(self.node(*part), Node::Values(_)));
        parts.push(self.intern_values(numbers));
        parts.sort_unstable();
    }

    /// The array or object is another than this value, said by its parts.
    pub(super) fn other_than(&mut self, value: &Json) -> Id {
        match value {
            Json::Array(items) => {
                let length = items.len() as u64;
                let same_length = self.intern(Node::ItemsMin(length));
                let mut ways = vec![
                    self.not(same_length),
                    self.intern(Node::ItemsMin(length + 1)),
                ];
                for (index, item) in items.iter().enumerate() {
                    let index = index as u64;
                    let there = self.intern(Node::ItemsMin(index + 1));
                    let same = self.values([item]);
                    let other = self.not(same);
                    let other = self.intern(Node::Elements(index, Some(index + 1), other));
                    ways.push(self.all([there, other]));
                }
                self.any(ways)
            }
            Json::Object(members) => {
                let members = members.by_name();
                let names: Vec<String> = members.keys().map(|name| (*name).to_owned()).collect();
                let never = self.never();
                let none_else = self.intern(Node::Each(Names::Outside(names, Vec::new()), never));
                let mut ways = vec![self.not(none_else)];
                for (name, member) in members {
                    let has = self.intern(Node::Has(name.to_owned()));
                    let same = self.values([member]);
                    let same = self.intern(Node::Each(Names::One(name.to_owned()), same));
                    let both = self.all([has, same]);
                    ways.push(self.not(both));
                }
                self.any(ways)
            }
            other => {
                let same = self.values([other]);
                self.not(same)
            }
        }
    }
}

/// A text that equal values share, whatever their spelling.
pub(super) fn key(value: &Json) -> String {
    let mut text = String::new();
    write_key(value, &mut text);
    text
}

fn write_key(value: &Json, text: &mut String) {
    match value {
        Json::Number(number) => {
            let decimal = number.decimal();
            text.push_str(if decimal.negative { "-0." } else { "0." });
            text.push_str(&decimal.digits);
            text.push('e');
            text.push_str(&decimal.exponent.to_string());
        }
        Json::Array(items) => {
            text.push('[');
            for item in items {
                write_key(item, text);
                text.push(',');
            }
            text.push(']');
        }
        Json::Object(members) => {
            text.push('{');
            for (name, member) in members.by_name() {
                text.push_str(&crate::json::compact(&Json::from(name)));
                text.push(':');
                write_key(member, text);
                text.push(',');
            }
            text.push('}');
        }
        plain => text.push_str(&crate::json::compact(plain)),
    }
}
