//! Values in the scripts that configure static sites. A script is not run.

/// The value of a name in a script, where it is a plain string.
pub(crate) fn script_value(text: &str, name: &str) -> Option<String> {
    plain_string(places_of(text, name).next()?)
}

/// The object in braces that belongs to a name: `blog: {…}`, or `['@docusaurus/plugin-content-blog', {…}]`.
pub(crate) fn object_after<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let is_start = |rest: &&str| rest.trim_start().starts_with('{');
    let of_field = places_of(text, name).find(is_start);
    let of_plugin = || {
        let ends = text.match_indices(name).filter_map(|(at, _)| text.get(at + name.len()..));
        let mut after =
            ends.filter_map(|rest| rest.trim_start_matches(['\'', '"', '`']).trim_start().strip_prefix(','));
        after.find(is_start)
    };
    let rest = of_field.or_else(of_plugin)?.trim_start();
    let mut depth = 0_usize;
    for (at, c) in rest.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return rest.get(..=at);
        }
    }
    None
}

/// What stands after each `name:` of a script, but for comments.
fn places_of<'t>(text: &'t str, name: &str) -> impl Iterator<Item = &'t str> {
    text.match_indices(name).filter_map(move |(at, _)| {
        let before = text.get(..at)?;
        let line = before.rsplit('\n').next().unwrap_or_default().trim_start();
        let is_comment = line.starts_with("//") || line.starts_with('*') || line.starts_with("/*");
        let before = before.trim_end_matches(['\'', '"']);
        let is_whole =
            !before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.' | '-' | '/'));
        let rest = text.get(at + name.len()..)?.trim_start_matches(['\'', '"']).trim_start();
        rest.strip_prefix(':').filter(|_| is_whole && !is_comment)
    })
}

fn plain_string(rest: &str) -> Option<String> {
    let rest = rest.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let end = rest.get(1..)?.find(quote)?;
    rest.get(1..=end).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_where_they_are_plain() {
        let text = "import sitemap from 'x';\nexport default {\n  // site: 'https://old.example',\n  'site': \"https://b.example\",\n  baseUrl: `/x/`,\n  dir: here,\n};\n";
        assert_eq!(script_value(text, "site").as_deref(), Some("https://b.example"));
        assert_eq!(script_value(text, "baseUrl").as_deref(), Some("/x/"));
        assert_eq!(script_value(text, "Url"), None);
        assert_eq!(script_value(text, "dir"), None);
        assert_eq!(script_value(text, "none"), None);
    }

    #[test]
    fn the_object_of_a_name_ends_at_its_brace() {
        let text = "{ docs: { a: 'one' }, blog: { b: { c: 1 }, a: 'two' }, theme: { a: 'three' } }";
        assert_eq!(object_after(text, "blog"), Some("{ b: { c: 1 }, a: 'two' }"));
        let plugin = "plugins: [['@docusaurus/plugin-content-blog', { a: 'four' }]]";
        assert_eq!(object_after(plugin, "plugin-content-blog"), Some("{ a: 'four' }"));
        assert_eq!(object_after("{ blog: false }", "blog"), None);
        assert_eq!(object_after("{ blog: { a: 1", "blog"), None);
    }
}
