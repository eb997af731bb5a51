//! Bodies with files, as a browser sends a form.

use axum::body::Bytes;

/// A file of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadedFile {
    /// The name of its part: `files[0]`.
    pub part: String,
    /// The name of the file.
    pub name: String,
    /// Its type.
    pub content_type: String,
    /// Its bytes.
    pub bytes: Bytes,
}

/// Reads a form: the JSON of its part `payload_json`, its other parts, and what is wrong with it.
pub(super) async fn read_form(content_type: &str, body: Bytes) -> (String, Vec<UploadedFile>, Vec<String>) {
    let (mut json, mut files, mut faults) = (String::new(), Vec::new(), Vec::new());
    let boundary = match multer::parse_boundary(content_type) {
        Ok(boundary) => boundary,
        Err(error) => return (json, files, vec![format!("a form without a boundary: {error}")]),
    };
    let stream = futures_util::stream::iter([Ok::<_, std::convert::Infallible>(body)]);
    let mut form = multer::Multipart::new(stream, boundary);
    loop {
        let part = match form.next_field().await {
            Ok(Some(part)) => part,
            Ok(None) => break,
            Err(error) => {
                faults.push(format!("a form that can't be read: {error}"));
                break;
            }
        };
        let (name, file) = (part.name().map(str::to_owned), part.file_name().map(str::to_owned));
        let kind = part.content_type().map(ToString::to_string).unwrap_or_default();
        let bytes = part.bytes().await.unwrap_or_default();
        match name.as_deref() {
            Some("payload_json") => json = String::from_utf8_lossy(&bytes).into_owned(),
            Some(part) => files.push(UploadedFile {
                part: part.to_owned(),
                name: file.unwrap_or_default(),
                content_type: kind,
                bytes,
            }),
            None => faults.push("a part of a form without a name".into()),
        }
    }
    if json.is_empty() {
        faults.push("a form without payload_json".into());
    }
    (json, files, faults)
}
