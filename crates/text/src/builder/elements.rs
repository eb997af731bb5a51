//! What readers tell the builder about elements: what opens and what ends, nested or not.

use super::{BodyBuilder, ElementKey, ElementRole, MAX_DEPTH};
use crate::markup::MarkupProblemKind;

/// An element that is open.
#[derive(Debug)]
pub(super) struct OpenElement {
    pub(super) key: ElementKey,
    pub(super) role: ElementRole,
    /// For a list: the block that introduces it. For an item: its own block, once there is one.
    pub(super) block: Option<u32>,
}

/// Elements whose content nobody sees.
#[derive(Debug)]
pub(super) struct HiddenElement {
    pub(super) key: ElementKey,
    pub(super) nested: u32,
    /// How many elements were open around it.
    pub(super) open_elements: usize,
}

impl BodyBuilder {
    /// An element begins.
    pub fn open(&mut self, key: ElementKey, role: ElementRole) {
        if self.hidden.is_some() {
            return self.open_hidden(key);
        }
        if role == ElementRole::Plain {
            self.break_block();
        } else {
            self.end_code();
            self.flush();
        }
        let block = if role == ElementRole::List { self.introducing_block() } else { None };
        let in_group = self.is_in_group();
        self.group += u32::from(!in_group && matches!(role, ElementRole::List | ElementRole::Table));
        self.push_element(OpenElement { key, role, block });
    }

    /// Within what nobody sees only the ends matter: the own ones, and that of what hides it.
    fn open_hidden(&mut self, key: ElementKey) {
        match &mut self.hidden {
            _ if key == ElementKey::Own => {
                self.push_element(OpenElement { key, role: ElementRole::Plain, block: None });
            }
            Some(hidden) if hidden.key == key => hidden.nested += 1,
            _ => {}
        }
    }

    fn push_element(&mut self, frame: OpenElement) {
        if self.open_elements.len() < usize::from(MAX_DEPTH) {
            return self.open_elements.push(frame);
        }
        self.report_problem(MarkupProblemKind::TooDeep { limit: MAX_DEPTH });
        match frame.key {
            ElementKey::Own => self.too_deep.0 += 1,
            ElementKey::Tag(_) => self.too_deep.1 += 1,
        }
    }

    /// An element begins whose content nobody sees.
    pub fn hide(&mut self, key: ElementKey) {
        match &mut self.hidden {
            Some(hidden) if hidden.key == key => hidden.nested += 1,
            Some(_) => {}
            None => {
                self.hidden = Some(HiddenElement { key, nested: 0, open_elements: self.open_elements.len() });
            }
        }
    }

    /// Whether what is added now is left out.
    pub fn is_hiding(&self) -> bool {
        self.hidden.is_some()
    }

    /// The innermost element of the markup's own ends, and with it all that was opened in it.
    pub fn close(&mut self) {
        if self.too_deep.0 > 0 {
            self.too_deep.0 -= 1;
            return self.break_block();
        }
        while let Some(frame) = self.open_elements.last() {
            let own = frame.key == ElementKey::Own;
            self.pop_element();
            if own {
                break;
            }
        }
        self.too_deep.1 = 0;
        let open = self.open_elements.len();
        self.hidden.take_if(|hidden| open < hidden.open_elements);
    }

    /// An element of HTML ends, and with it all that was opened in it; no matter where it was not open.
    pub fn close_tag(&mut self, key: ElementKey) {
        if let Some(hidden) = &mut self.hidden {
            if hidden.key == key && hidden.nested == 0 {
                self.hidden = None;
            } else if hidden.key == key {
                hidden.nested -= 1;
            }
            return;
        }
        if self.too_deep.1 > 0 {
            self.too_deep.1 -= 1;
            return self.break_block();
        }
        self.close_through(key, |_| false);
    }

    /// An element of HTML ends whose end tag may be left out, if it is open within the nearest `boundary`.
    pub fn close_implied(&mut self, key: ElementKey, boundary: impl Fn(ElementRole) -> bool) {
        if self.hidden.is_none() && self.too_deep.1 == 0 {
            self.close_through(key, boundary);
        }
    }

    /// A heading of HTML ends if one is open: by its end tag or, once it has text, because that was forgotten.
    pub fn end_heading(&mut self, is_tag: bool) {
        let innermost = self.open_elements.iter().rev().find(|frame| frame.role != ElementRole::Plain);
        if let Some(&OpenElement { key: key @ ElementKey::Tag(_), role: ElementRole::Heading(_), block }) =
            innermost
            && self.hidden.is_none()
            && (is_tag || block.is_some() || !self.inline.is_empty())
        {
            self.close_through(key, |_| false);
        }
    }

    fn close_through(&mut self, key: ElementKey, boundary: impl Fn(ElementRole) -> bool) {
        let own = |frame: &&OpenElement| {
            frame.key != ElementKey::Own && (frame.key == key || !boundary(frame.role))
        };
        let depth = self.open_elements.iter().rev().take_while(own).position(|frame| frame.key == key);
        for _ in 0..depth.map_or(0, |depth| depth + 1) {
            self.pop_element();
        }
    }

    pub(super) fn pop_element(&mut self) {
        if self.open_elements.last().is_some_and(|frame| frame.role == ElementRole::Plain) {
            self.end_block();
        } else {
            self.end_code();
            self.flush();
        }
        self.open_elements.pop();
    }
}
