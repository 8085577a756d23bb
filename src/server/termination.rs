//! The signals by which the system asks the process to end.

use std::future::Future;
use std::io;

/// Ready once the process is asked to end by SIGINT or SIGTERM, elsewhere by Ctrl-C. Call it inside a runtime.
///
/// The handlers are installed when this returns. Process 1 of a container has none by default, and ends as
/// well with them.
///
/// # Errors
/// When the handlers cannot be installed.
#[cfg(unix)]
pub fn termination() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ready once the process is asked to end by Ctrl-C. Call it inside a runtime.
///
/// # Errors
/// When the handler cannot be installed.
#[cfg(not(unix))]
pub fn termination() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    })
}
