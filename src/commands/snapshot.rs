//! temp
use crate::capture::{self, raw, spec::*};
use crate::cli::SnapshotArgs;
use crate::exit::Exit;
use crate::failure::Failure;
/// x
pub fn run(args: &SnapshotArgs, out: &mut dyn std::io::Write) -> Result<Exit, Failure> {
    let t = &args.connection.target;
    let endpoint = if t[0].starts_with("http") {
        Endpoint::Url(UrlSpec {
            url: t[0].clone(),
            headers: vec![],
            transport: crate::surface::Transport::StreamableHttp,
        })
    } else {
        Endpoint::Command(CommandSpec {
            program: t[0].clone(),
            args: t[1..].to_vec(),
            env: vec![],
            cwd: None,
        })
    };
    let spec = ServerSpec {
        name: "default".into(),
        endpoint,
        timeout: std::time::Duration::from_secs(30),
        version: if args.connection.protocol_version == "auto" {
            VersionChoice::Auto
        } else {
            VersionChoice::Pinned(args.connection.protocol_version.clone())
        },
        secrets: Default::default(),
    };
    let rt = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("x");
    let c = rt.block_on(capture::capture(&spec, None))?;
    let text = if args.raw {
        raw::document(&c)
    } else {
        crate::json::pretty(&c.surface.to_document())
    };
    out.write_all(text.as_bytes()).expect("x");
    for n in &c.notes {
        writeln!(std::io::stderr(), "note: {n}").ok();
    }
    writeln!(std::io::stderr(), "{:?}", c.latency).ok();
    Ok(Exit::Clean)
}
use std::io::Write;
