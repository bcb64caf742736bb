//! Records that are the elements of lists in one JSON document: the list itself, or lists that are the values
//! of an object's keys. Everything else in the document is passed over.

use std::io::Read;

use super::file_fault::{BadFile, FileFault};
use super::frame::{Frame, Taken};
use super::input::Input;
use super::place::Place;
use super::skim::skim;
use super::table::sounds_like_factors;

/// The longest name of a list that is looked at.
const LONGEST_NAME: usize = 200;
/// More lists than any product exports.
const MOST_LISTS: usize = 200;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    /// In the outer object, before a key, or behind a value.
    Keys {
        first: bool,
    },
    /// In a list, before an element, or behind one.
    Elements {
        first: bool,
    },
    End,
}

/// The elements of a document's lists.
pub(crate) struct Document<R> {
    input: Input<R>,
    state: State,
    /// The key of the list that is read; none if the document itself is the list.
    list: Option<String>,
    seen: Vec<String>,
    /// The names of lists and objects that were passed over, if they sound like second factors. What is one
    /// value is no table.
    passed: Vec<String>,
    /// Which lists are wanted.
    wanted: Box<dyn Fn(&str) -> bool + Send>,
    record: u64,
    is_list: bool,
}

impl<R: Read> Document<R> {
    pub(crate) fn new(input: Input<R>, wanted: impl Fn(&str) -> bool + Send + 'static) -> Self {
        let wanted = Box::new(wanted);
        Self {
            input,
            state: State::Start,
            list: None,
            seen: Vec::new(),
            passed: Vec::new(),
            wanted,
            record: 0,
            is_list: false,
        }
    }

    /// The names of the lists that were read so far, and of what was passed over and may have second factors.
    pub(crate) fn names(&self) -> (&[String], &[String]) {
        (&self.seen, &self.passed)
    }

    pub(crate) fn next(&mut self) -> Result<Option<Frame>, BadFile> {
        loop {
            let next = self.input.peek_behind_blanks()?;
            if self.state == State::End {
                return next.map_or(Ok(None), |_| Err(self.fault(FileFault::Structure)));
            }
            let Some(byte) = next else { return Err(self.fault(FileFault::Truncated)) };
            match self.state {
                State::Start => self.start(byte)?,
                State::Keys { first } => self.key(byte, first)?,
                State::Elements { first } => {
                    if byte == b']' {
                        self.input.next()?;
                        let inner = self.list.take().is_some();
                        self.state = if inner { State::Keys { first: false } } else { State::End };
                        continue;
                    }
                    self.comma(byte, first)?;
                    self.state = State::Elements { first: false };
                    return self.element().map(Some);
                }
                State::End => return Ok(None),
            }
        }
    }

    fn start(&mut self, byte: u8) -> Result<(), BadFile> {
        self.is_list = byte == b'[';
        self.state = match byte {
            b'[' => State::Elements { first: true },
            b'{' => State::Keys { first: true },
            _ => return Err(self.fault(FileFault::Structure)),
        };
        self.input.next().map(|_| ())
    }

    /// Passes over the comma that stands before everything but the first.
    fn comma(&mut self, byte: u8, first: bool) -> Result<(), BadFile> {
        if first {
            return Ok(());
        }
        if byte != b',' {
            return Err(self.fault(FileFault::Structure));
        }
        self.input.next()?;
        self.input.peek_behind_blanks().map(|_| ())
    }

    fn key(&mut self, byte: u8, first: bool) -> Result<(), BadFile> {
        if byte == b'}' {
            self.input.next()?;
            self.state = State::End;
            return Ok(());
        }
        self.comma(byte, first)?;
        self.state = State::Keys { first: false };
        if self.input.peek()? != Some(b'"') {
            return Err(self.wrong_or_cut()?);
        }
        let mut name = Vec::new();
        skim(&mut self.input, |bytes| {
            if name.len() <= LONGEST_NAME {
                name.extend_from_slice(bytes);
            }
        })?;
        if self.input.peek_behind_blanks()? != Some(b':') {
            return Err(self.wrong_or_cut()?);
        }
        self.input.next()?;
        let value = self.input.peek_behind_blanks()?;
        // A name that is cut or not UTF-8 is no list's.
        let name = serde_json::from_slice::<String>(&name).unwrap_or_default();
        if value != Some(b'[') || !(self.wanted)(&name) {
            let may_be_table = matches!(value, Some(b'[' | b'{'));
            if may_be_table && sounds_like_factors(&name) && self.passed.len() < MOST_LISTS {
                self.passed.push(name);
            }
            return skim(&mut self.input, |_| {});
        }
        if self.seen.contains(&name) || self.seen.len() == MOST_LISTS {
            return Err(self.fault(FileFault::TwiceList));
        }
        self.input.next()?;
        self.seen.push(name.clone());
        self.list = Some(name);
        self.state = State::Elements { first: true };
        Ok(())
    }

    fn element(&mut self) -> Result<Frame, BadFile> {
        self.record += 1;
        let place = Place { line: None, record: self.record, offset: self.input.offset() };
        let mut taken = Taken::default();
        skim(&mut self.input, |bytes| taken.push(bytes))?;
        let bytes = taken.finish();
        if let Ok(bytes) = &bytes
            && let Err(error) = std::str::from_utf8(bytes)
        {
            let within = u64::try_from(error.valid_up_to()).unwrap_or(u64::MAX);
            return Err(BadFile { offset: place.offset + within, fault: FileFault::NotUtf8 });
        }
        Ok(Frame { place, list: self.list.clone(), bytes })
    }

    /// The fault of something that is not there: of the file's end, or of the byte in its place.
    fn wrong_or_cut(&mut self) -> Result<BadFile, BadFile> {
        let fault = if self.input.peek()?.is_none() { FileFault::Truncated } else { FileFault::Structure };
        Ok(self.fault(fault))
    }

    fn fault(&self, fault: FileFault) -> BadFile {
        self.input.fault(fault)
    }

    pub(crate) fn input(&self) -> &Input<R> {
        &self.input
    }

    /// Whether any of the wanted lists was there, or the document is a list itself.
    pub(crate) fn has_lists(&self) -> bool {
        self.is_list || !self.seen.is_empty()
    }
}
