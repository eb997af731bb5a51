//! Files that are sent with a message.

use reqwest::multipart::{Form, Part};

/// A file of a message. The message names it by its number: <https://discord.com/developers/docs/reference#uploading-files>.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadFile {
    /// Its number in the message.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its bytes, a PNG.
    pub png: Vec<u8>,
}

/// The form of a message with files.
///
/// # Errors
/// If the type of a file can't be a header.
pub fn upload_form(json: &[u8], files: &[UploadFile]) -> reqwest::Result<Form> {
    let payload = Part::bytes(json.to_vec()).mime_str("application/json")?;
    let form = Form::new().part("payload_json", payload);
    files.iter().try_fold(form, |form, file| {
        let part = Part::bytes(file.png.clone()).file_name(file.name.clone()).mime_str("image/png")?;
        Ok(form.part(format!("files[{}]", file.id), part))
    })
}
