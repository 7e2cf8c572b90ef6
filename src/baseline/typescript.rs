//! Reads the baselines of the TypeScript bellwether, formats 1.x and 2.x.
//!
//! It takes over what the server said of itself, and who accepted it last. What calls once saw and what models once
//! wrote has no counterpart here; notes name it (`script_lost`).

use std::collections::BTreeSet;

use super::imported::PROGRAM;
use super::sight::{Era, Sight};
use super::{
    Baseline, BaselineError, Format, Trail, Volatile, script_acceptance, script_hash, script_lost,
};
use crate::json::{Json, Object, Pointer};
use crate::surface::{List, Listing, Surface};

/// A list of a file, and its items.
pub(super) type Items<'a> = (List, &'a [Json]);

/// Whether a document looks like one of its files: it names the program's version and a server.
pub(super) fn wrote(object: &Object) -> bool {
    object.get("formatVersion").is_none()
        && object.get("initialize").is_none()
        && version_of(object).is_some()
        && object
            .get("server")
            .is_some_and(|server| server.as_object().is_some())
}

/// Reads such a file.
///
/// # Errors
/// Another major version, and members of the wrong type.
pub(super) fn import(object: &Object) -> Result<Baseline, BaselineError> {
    let version = version_of(object).unwrap_or_default();
    let lists = lists(object)?;
    let server = object.get("server").and_then(Json::as_object);
    if let Some(server) = server {
        refuse_wrong_types(server)?;
    }
    let mut surface = Surface::default();
    let revision = server.and_then(|server| server.get("protocolVersion")?.as_str());
    surface.protocol_version =
        (revision.filter(|revision| !revision.is_empty())).map(str::to_owned);
    surface.initialize = server.map(initialize);
    for (list, items) in &lists {
        surface.set_listing(*list, Listing::Read(items.to_vec()));
    }
    let Some(era) = Era::of(&version, &surface) else {
        return Err(BaselineError::UnknownTypeScript(version));
    };
    for list in List::ALL {
        // The program leaves an empty list out.
        let listing = match surface.listing(list) {
            Listing::Absent if !era.keeps_list(list) => Listing::Absent,
            _ => Listing::Read(
                (surface.items(list).iter())
                    .map(|item| era.item(list, item))
                    .collect(),
            ),
        };
        surface.set_listing(list, listing);
    }
    let doubt = script_hash::doubt(object, &version);
    let mut trail = Trail::default();
    let digest_matches = doubt.is_none();
    let mut notes: Vec<String> = doubt.into_iter().collect();
    notes.push(format!(
        "version {version} of the TypeScript bellwether wrote it"
    ));
    let doubtful = if digest_matches {
        ""
    } else {
        ", in a file whose hash does not verify"
    };
    let source = format!("{PROGRAM} {version}{doubtful}");
    if let Some(acceptance) = object.get("acceptance").filter(|json| **json != Json::Null) {
        let (decision, told) = script_acceptance::read(acceptance, &source, &surface);
        if let Some(decision) = decision {
            trail.append(decision);
        }
        notes.extend(told);
    }
    notes.extend(script_lost::no_counterpart(object, &lists, &era));
    notes.push(script_lost::blind_spots(&era));
    Ok(Baseline {
        observed: None,
        volatile: Volatile::default(),
        trail,
        surface,
        catalogue: None,
        digest_matches,
        format: Format::TypeScript { version },
        sight: Sight::TypeScript(era),
        notes,
    })
}

/// The version of the program; one that was made a number by hand counts as well.
fn version_of(object: &Object) -> Option<String> {
    match object.get("version")? {
        Json::String(version) => Some(version.to_string()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The lists of the file. Format 2 has them in `capabilities`; early files have them at the top.
fn lists(object: &Object) -> Result<Vec<Items<'_>>, BaselineError> {
    let mut found = Vec::new();
    for list in List::ALL {
        let member = list.member();
        let nested = object
            .get("capabilities")
            .and_then(|capabilities| capabilities.get(member));
        let top = Pointer::root();
        let at = match nested {
            Some(_) => top.join("capabilities").join(member),
            None => top.join(member),
        };
        match nested.or_else(|| object.get(member)) {
            None | Some(Json::Null) => {}
            Some(Json::Array(items)) => {
                if let Some(index) = items.iter().position(|item| item.as_object().is_none()) {
                    let why = format!("an element of its `{member}` is not an object");
                    return Err(BaselineError::unknown(at.join(index), why));
                }
                found.push((list, items.as_slice()));
            }
            Some(other) => {
                let found = other.type_name();
                let why = format!("its `{member}` is not an array but {found}");
                return Err(BaselineError::unknown(at, why));
            }
        }
    }
    if !found.iter().any(|(list, _)| *list == List::Tools) {
        return Err(BaselineError::unknown(Pointer::root(), "it has no `tools`"));
    }
    Ok(found)
}

/// Refuses a server that does not say of itself what the program wrote.
fn refuse_wrong_types(server: &Object) -> Result<(), BaselineError> {
    let wrong = |member: &str, wanted: &str, found: &Json| {
        let at = Pointer::root().join("server").join(member);
        let found = found.type_name();
        let why = format!("its `server.{member}` is not {wanted} but {found}");
        Err(BaselineError::unknown(at, why))
    };
    for member in ["name", "version", "protocolVersion", "instructions"] {
        match server.get(member) {
            None | Some(Json::Null | Json::String(_)) => {}
            Some(other) => return wrong(member, "text", other),
        }
    }
    match server.get("capabilities") {
        None | Some(Json::Null | Json::Array(_)) => Ok(()),
        Some(other) => wrong("capabilities", "an array", other),
    }
}

fn initialize(server: &Object) -> Object {
    let said = |name: &str| {
        let value = server.get(name).filter(|json| **json != Json::Null)?;
        Some((name.to_owned(), value.clone()))
    };
    let mut initialize: Object = said("protocolVersion").into_iter().collect();
    let info = ["name", "version"].into_iter().filter_map(said);
    initialize.push("serverInfo", info.collect::<Object>());
    // Only the names were kept.
    let names = server
        .get("capabilities")
        .and_then(Json::as_array)
        .unwrap_or_default();
    let empty = names
        .iter()
        .filter_map(Json::as_str)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .map(|name| (name.to_owned(), Object::new().into()));
    initialize.push("capabilities", empty.collect::<Object>());
    if let Some((name, instructions)) = said("instructions") {
        initialize.push(&name, instructions);
    }
    initialize
}
