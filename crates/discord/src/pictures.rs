//! Draws the pictures of a message before it is sent.

use std::time::Duration;

use super::bot::Bot;
use super::rest::UploadFile;
use takeaways_render::discord::MessagePayload;
use tokio::time::timeout;

/// The longest wait for a picture. With the time until a reply is deferred it stays below the three seconds in which Discord
/// wants an acknowledgement.
const MAX_WAIT: Duration = Duration::from_secs(1);

impl Bot {
    /// Returns a message with its files, drawn on a thread of their own. If one can't be drawn, the message has none: its
    /// text holds the same numbers. Nor does it wait long for a thread: a command must be acknowledged within three seconds.
    pub async fn draw_pictures(&self, page: MessagePayload) -> (MessagePayload, Vec<UploadFile>) {
        if page.attachments.is_empty() {
            return (page, Vec::new());
        }
        let attachments = page.attachments.clone();
        let draw = move || {
            let files = attachments.iter().map(|attachment| {
                let png = attachment.draw()?;
                Some(UploadFile { id: attachment.id.clone(), name: attachment.filename.clone(), png })
            });
            files.collect::<Option<Vec<_>>>()
        };
        match timeout(MAX_WAIT, self.threads.run(draw)).await {
            Ok(Ok(Some(files))) => return (page, files),
            Ok(_) => tracing::error!("a picture can't be drawn; the message goes without it"),
            Err(_) => tracing::warn!("there was no time for a picture; the message goes without it"),
        }
        (page.without_attachments(), Vec::new())
    }
}
