//! The pictures of a message: drawn before it is sent, and sent with it.

use std::time::Duration;

use reqwest::multipart::{Form, Part};
use takeaways_delivery::WorkerThreads;
use takeaways_render::discord::MessagePayload;
use tokio::time::timeout;

/// The longest wait for a picture. With the time until a reply is deferred it stays below the three seconds in which Discord
/// wants an acknowledgement.
const MAX_WAIT: Duration = Duration::from_secs(1);

/// A file of a message. The message names it by its number: <https://discord.com/developers/docs/reference#uploading-files>.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UploadFile {
    /// Its number in the message.
    pub id: String,
    pub name: String,
    /// Its bytes, a PNG.
    pub png: Vec<u8>,
}

/// The form of a message with files.
///
/// # Errors
/// If the type of a file can't be a header.
pub(crate) fn upload_form(json: &[u8], files: &[UploadFile]) -> reqwest::Result<Form> {
    let payload = Part::bytes(json.to_vec()).mime_str("application/json")?;
    let form = Form::new().part("payload_json", payload);
    files.iter().try_fold(form, |form, file| {
        let part = Part::bytes(file.png.clone()).file_name(file.name.clone()).mime_str("image/png")?;
        Ok(form.part(format!("files[{}]", file.id), part))
    })
}

/// Returns a message with its files, drawn on a thread of their own. If one can't be drawn, the message has none: its
/// text holds the same numbers. Nor does it wait long for a thread: a command must be acknowledged within three seconds.
pub(crate) async fn draw_pictures(
    threads: &WorkerThreads,
    page: MessagePayload,
) -> (MessagePayload, Vec<UploadFile>) {
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
    match timeout(MAX_WAIT, threads.run(draw)).await {
        Ok(Ok(Some(files))) => return (page, files),
        Ok(_) => tracing::error!("a picture can't be drawn; the message goes without it"),
        Err(_) => tracing::warn!("there was no time for a picture; the message goes without it"),
    }
    (page.without_attachments(), Vec::new())
}
