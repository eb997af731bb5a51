//! The elements of a [`BodyBuilder`]: opens, closes and hides them, properly nested or not.

use super::{BodyBuilder, ElementRole, MAX_DEPTH};
use crate::model::Boundary;
use crate::readable::MarkupProblemKind;

/// An element that is open.
#[derive(Debug)]
pub(super) struct OpenElement {
    /// The number of its HTML tag; `None` for an element of the markup itself.
    tag: Option<u16>,
    pub(super) role: ElementRole,
    /// For a list: the block that introduces it. For an item: its own block, once it has one.
    pub(super) block: Option<u32>,
    /// For a numbered list: the number of its next item.
    pub(super) number: Option<u32>,
}

/// An HTML element whose content is not visible.
#[derive(Debug)]
pub(super) struct HiddenElement {
    tag: u16,
    /// How many elements with the same tag are open in it.
    nested: u32,
    /// How many elements were open when it began.
    depth: usize,
}

impl BodyBuilder {
    /// Opens an element of the markup itself. Such elements are nested properly.
    pub(crate) fn open(&mut self, role: ElementRole) {
        self.open_element(None, role);
    }

    /// Opens an element of HTML. Its end tag never closes an element of the markup around it.
    pub(crate) fn open_tag(&mut self, tag: u16, role: ElementRole) {
        self.open_element(Some(tag), role);
    }

    fn open_element(&mut self, tag: Option<u16>, role: ElementRole) {
        match tag {
            Some(tag) if self.is_hiding() => return self.hide(tag),
            None if self.is_hiding() => {
                return self.push_element(OpenElement {
                    tag,
                    role: ElementRole::Plain,
                    block: None,
                    number: None,
                });
            }
            _ if role == ElementRole::Plain => self.break_block(),
            _ => {
                self.end_code();
                self.flush();
            }
        }
        if role == ElementRole::Quote {
            self.boundary = Boundary::Quotation;
        }
        let block = if role == ElementRole::List { self.introducing_block() } else { None };
        let is_group = matches!(role, ElementRole::List | ElementRole::Table);
        self.group += u32::from(is_group && !self.is_in_group());
        self.push_element(OpenElement { tag, role, block, number: None });
    }

    /// Numbers the items of the list that has just been opened.
    pub(crate) fn number_items(&mut self, first: u32) {
        let is_kept = !self.is_hiding() && self.deep_elements == 0 && self.deep_tags == 0;
        if let Some(list) = self.open_elements.last_mut().filter(|it| is_kept && it.role == ElementRole::List)
        {
            list.number = Some(first);
        }
    }

    /// Gives the next item another number, if the items are numbered. The list is the innermost element.
    pub(crate) fn renumber_items(&mut self, number: u32) {
        if self.open_elements.last().is_some_and(|it| it.number.is_some()) {
            self.number_items(number);
        }
    }

    fn push_element(&mut self, element: OpenElement) {
        if self.open_elements.len() < usize::from(MAX_DEPTH) {
            return self.open_elements.push(element);
        }
        self.report_problem(MarkupProblemKind::TooDeep { limit: MAX_DEPTH });
        match element.tag {
            None => self.deep_elements += 1,
            Some(_) => self.deep_tags += 1,
        }
    }

    /// Writes an element of the markup itself with the content that `write` adds.
    pub(crate) fn write_element(&mut self, role: ElementRole, write: impl FnOnce(&mut Self)) {
        self.open(role);
        write(self);
        self.close();
    }

    /// Opens an element of HTML whose content is not visible.
    pub(crate) fn hide(&mut self, tag: u16) {
        match &mut self.hidden {
            Some(hidden) if hidden.tag == tag => hidden.nested += 1,
            Some(_) => {}
            None => self.hidden = Some(HiddenElement { tag, nested: 0, depth: self.open_elements.len() }),
        }
    }

    /// Whether a hidden element is open: the text that is added now is left out.
    pub(crate) fn is_hiding(&self) -> bool {
        self.hidden.is_some()
    }

    /// Closes the innermost element of the markup itself and everything inside it.
    pub(crate) fn close(&mut self) {
        if self.deep_elements > 0 {
            self.deep_elements -= 1;
            return self.break_block();
        }
        while let Some(element) = self.open_elements.last() {
            let is_tag = element.tag.is_some();
            self.pop_element();
            if !is_tag {
                break;
            }
        }
        self.deep_tags = 0;
        let depth = self.open_elements.len();
        self.hidden.take_if(|hidden| depth < hidden.depth);
    }

    /// Closes an HTML element and everything inside it. Does nothing if it is not open.
    pub(crate) fn close_tag(&mut self, tag: u16) {
        if let Some(hidden) = &mut self.hidden {
            if hidden.tag == tag && hidden.nested == 0 {
                self.hidden = None;
            } else if hidden.tag == tag {
                hidden.nested -= 1;
            }
            return;
        }
        if self.deep_tags > 0 {
            self.deep_tags -= 1;
            return self.break_block();
        }
        self.close_through(tag, |_| false);
    }

    /// Closes an HTML element whose end tag may be missing, if it is open within the nearest `boundary`.
    pub(crate) fn close_implied(&mut self, tag: u16, boundary: impl Fn(ElementRole) -> bool) {
        if !self.is_hiding() && self.deep_tags == 0 {
            self.close_through(tag, boundary);
        }
    }

    /// Closes an open HTML heading: at its end tag or, once it has text, because the end tag was forgotten.
    pub(crate) fn end_heading(&mut self, is_end_tag: bool) {
        if let Some(&OpenElement { tag: Some(tag), role: ElementRole::Heading(_), block, .. }) =
            self.innermost()
            && !self.is_hiding()
            && (is_end_tag || block.is_some() || !self.inline.is_empty())
        {
            self.close_through(tag, |_| false);
        }
    }

    fn close_through(&mut self, tag: u16, boundary: impl Fn(ElementRole) -> bool) {
        let is_within = |element: &&OpenElement| {
            element.tag.is_some() && (element.tag == Some(tag) || !boundary(element.role))
        };
        let mut elements = self.open_elements.iter().rev().take_while(is_within);
        let depth = elements.position(|element| element.tag == Some(tag));
        for _ in 0..depth.map_or(0, |depth| depth + 1) {
            self.pop_element();
        }
    }

    pub(super) fn pop_element(&mut self) {
        if self.open_elements.last().is_some_and(|element| element.role == ElementRole::Plain) {
            self.end_block();
        } else {
            self.end_code();
            self.flush();
        }
        self.open_elements.pop();
    }
}
