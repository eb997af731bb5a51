//! What readers tell the builder about elements: what opens and what ends, nested or not.

use super::{Builder, Key, MAX_DEPTH, Role};
use crate::markup_problem::MarkupProblemKind;

/// An element that is open.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) key: Key,
    pub(super) role: Role,
    /// For a list: the block that introduces it. For an item: its own block, once there is one.
    pub(super) block: Option<u32>,
}

/// Elements whose content nobody sees.
#[derive(Debug)]
pub(super) struct Hidden {
    pub(super) key: Key,
    pub(super) nested: u32,
    /// How many elements were open around it.
    pub(super) frames: usize,
}

impl Builder {
    /// An element begins.
    pub fn open(&mut self, key: Key, role: Role) {
        if self.hidden.is_some() {
            return self.open_hidden(key);
        }
        if role == Role::Plain {
            self.break_block();
        } else {
            self.end_code();
            self.flush();
        }
        let block = if role == Role::List { self.introduction() } else { None };
        let in_group = self.is_in_group();
        self.group += u32::from(!in_group && matches!(role, Role::List | Role::Table));
        self.push(Frame { key, role, block });
    }

    /// Within what nobody sees only the ends matter: the own ones, and that of what hides it.
    fn open_hidden(&mut self, key: Key) {
        match &mut self.hidden {
            _ if key == Key::Own => self.push(Frame { key, role: Role::Plain, block: None }),
            Some(hidden) if hidden.key == key => hidden.nested += 1,
            _ => {}
        }
    }

    fn push(&mut self, frame: Frame) {
        if self.frames.len() < usize::from(MAX_DEPTH) {
            return self.frames.push(frame);
        }
        self.report_problem(MarkupProblemKind::TooDeep { limit: MAX_DEPTH });
        match frame.key {
            Key::Own => self.beyond.0 += 1,
            Key::Tag(_) => self.beyond.1 += 1,
        }
    }

    /// An element begins whose content nobody sees.
    pub fn hide(&mut self, key: Key) {
        match &mut self.hidden {
            Some(hidden) if hidden.key == key => hidden.nested += 1,
            Some(_) => {}
            None => self.hidden = Some(Hidden { key, nested: 0, frames: self.frames.len() }),
        }
    }

    /// Whether what is added now is left out.
    pub fn is_hiding(&self) -> bool {
        self.hidden.is_some()
    }

    /// The innermost element of the markup's own ends, and with it all that was opened in it.
    pub fn close(&mut self) {
        if self.beyond.0 > 0 {
            self.beyond.0 -= 1;
            return self.break_block();
        }
        while let Some(frame) = self.frames.last() {
            let own = frame.key == Key::Own;
            self.pop();
            if own {
                break;
            }
        }
        self.beyond.1 = 0;
        let open = self.frames.len();
        self.hidden.take_if(|hidden| open < hidden.frames);
    }

    /// An element of HTML ends, and with it all that was opened in it; no matter where it was not open.
    pub fn close_tag(&mut self, key: Key) {
        if let Some(hidden) = &mut self.hidden {
            if hidden.key == key && hidden.nested == 0 {
                self.hidden = None;
            } else if hidden.key == key {
                hidden.nested -= 1;
            }
            return;
        }
        if self.beyond.1 > 0 {
            self.beyond.1 -= 1;
            return self.break_block();
        }
        self.close_to(key, |_| false);
    }

    /// An element of HTML ends whose end tag may be left out, if it is open within the nearest `boundary`.
    pub fn close_implied(&mut self, key: Key, boundary: impl Fn(Role) -> bool) {
        if self.hidden.is_none() && self.beyond.1 == 0 {
            self.close_to(key, boundary);
        }
    }

    /// A heading of HTML ends if one is open: by its end tag or, once it has text, because that was forgotten.
    pub fn end_heading(&mut self, is_tag: bool) {
        let innermost = self.frames.iter().rev().find(|frame| frame.role != Role::Plain);
        if let Some(&Frame { key: key @ Key::Tag(_), role: Role::Heading(_), block }) = innermost
            && self.hidden.is_none()
            && (is_tag || block.is_some() || !self.inline.is_empty())
        {
            self.close_to(key, |_| false);
        }
    }

    fn close_to(&mut self, key: Key, boundary: impl Fn(Role) -> bool) {
        let own = |frame: &&Frame| frame.key != Key::Own && (frame.key == key || !boundary(frame.role));
        let depth = self.frames.iter().rev().take_while(own).position(|frame| frame.key == key);
        for _ in 0..depth.map_or(0, |depth| depth + 1) {
            self.pop();
        }
    }

    pub(super) fn pop(&mut self) {
        if self.frames.last().is_some_and(|frame| frame.role == Role::Plain) {
            self.boundary();
        } else {
            self.end_code();
            self.flush();
        }
        self.frames.pop();
    }
}
