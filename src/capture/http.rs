use super::spec::UrlSpec;
use super::tap::Tap;
use crate::failure::Failure;
use crate::secrets::Secrets;
use rmcp::RoleClient;
use rmcp::transport::async_rw::AsyncRwTransport;
use std::time::Duration;
pub(super) fn connect(
    _: &UrlSpec,
    _: &Secrets,
    _: Tap,
    _: Duration,
) -> Result<AsyncRwTransport<RoleClient, tokio::io::Empty, tokio::io::Sink>, Failure> {
    Err(Failure::new("capture", "no"))
}
