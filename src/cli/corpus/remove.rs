//! `takeaways corpus remove`: removes a source, or takes a post out for good.

use std::fmt::Write as _;

use anyhow::Result;
use takeaways_render::{clean, pluralise};
use takeaways_sources::{Removal, find_source, parse_address};

use crate::cli::args::RemoveArgs;
use crate::cli::context::Session;
use crate::cli::exit::Exit;
use crate::cli::{sources, terminal};

/// Removes what has this name.
pub fn run(session: &Session, args: &RemoveArgs) -> Result<Exit> {
    let library = sources::library(&session.settings);
    let page = match library.remove(&sources::source_name(&library, &args.name), args.keep_posts)? {
        None => {
            if let Some(row) = find_source(&library.rows().0, &args.name) {
                return Ok(super::report_problem(&format!(
                    "{} is the address of a site; its source is {}: name that to remove it with its posts",
                    args.name, row.source.url
                )));
            }
            return Ok(super::report_problem(&format!(
                "there is no source {name}, and no post of a source with this name; `takeaways corpus sources` shows \
                 the sources, and a file that is your own you can delete",
                name = args.name
            )));
        }
        Some(Removal::Post { url, file, was_edited }) => {
            // A post of a folder may have no address: its file says which it is.
            let file = file.display().to_string();
            let name = if parse_address(&url).is_ok() { format!("{url} ({file})") } else { file };
            let edited = if was_edited { "; its file held changes of yours, which are gone too" } else { "" };
            format!("removed {name}; it does not come back{edited}\n")
        }
        Some(Removal::Source { url, files, kept, transferred, may_return }) => {
            let mut page = format!("removed the source {url} and {}\n", pluralise(files, "file"));
            if args.keep_posts {
                let _ = writeln!(page, "posts of it that stay: {}", kept.len());
            } else {
                for path in kept {
                    let _ = writeln!(page, "kept {}, because it was edited", path.display());
                }
            }
            if transferred > 0 {
                let _ =
                    writeln!(page, "posts that stay, because another source lists them too: {transferred}");
            }
            if may_return > 0 {
                let posts = pluralise(may_return, "post");
                let _ = writeln!(
                    page,
                    "{posts} of it may come back, because another source lists them too; `takeaways corpus remove` with \
                     the address of a post takes it out for good then"
                );
            }
            page
        }
    };
    terminal::print(&clean(&page))?;
    Ok(Exit::Done)
}
