//! Escapes: characters written by number or by name.

use regex_syntax::hir::{Class, Hir, Look};

use super::{Parser, Unsupported, class};

impl Parser {
    /// What follows a backslash outside a class.
    pub(super) fn escape(&mut self) -> Result<Hir, Unsupported> {
        let next = self.peek().ok_or(Unsupported::Malformed)?;
        let look = match next {
            'b' => Some(Look::WordAscii),
            'B' => Some(Look::WordAsciiNegate),
            '1'..='9' => return Err(Unsupported::NotRegular),
            'k' if self.chars.get(self.at + 1) == Some(&'<') => {
                return Err(Unsupported::NotRegular);
            }
            _ => None,
        };
        if let Some(look) = look {
            // Two letters outside ASCII are word characters where case is ignored.
            if self.flags.ignore_case {
                return Err(Unsupported::NotRegular);
            }
            self.at += 1;
            return Ok(Hir::look(look));
        }
        if let Some(mut set) = self.class_escape()? {
            if self.flags.ignore_case {
                set.case_fold_simple();
            }
            return Ok(Hir::class(Class::Unicode(set)));
        }
        let c = self.character_escape()?;
        Ok(self.literal(c))
    }

    /// `\d` and the like, after the backslash; nothing where another kind of escape stands here.
    pub(super) fn class_escape(
        &mut self,
    ) -> Result<Option<regex_syntax::hir::ClassUnicode>, Unsupported> {
        let Some(letter) = self.peek() else {
            return Err(Unsupported::Malformed);
        };
        let mut set = match letter.to_ascii_lowercase() {
            'd' => class::of([('0', '9')]),
            'w' if self.flags.ignore_case => return Err(Unsupported::NotRegular),
            'w' => class::of([('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]),
            's' => class::space(),
            'p' => {
                self.at += 1;
                let name = self.braced().ok_or(Unsupported::Malformed)?;
                let mut set = class::property(&name)?;
                self.count(set.ranges().len())?;
                if letter == 'P' {
                    set.negate();
                }
                return Ok(Some(set));
            }
            _ => return Ok(None),
        };
        self.at += 1;
        if letter.is_ascii_uppercase() {
            set.negate();
        }
        Ok(Some(set))
    }

    /// One character, after the backslash.
    pub(super) fn character_escape(&mut self) -> Result<char, Unsupported> {
        let escaped = self.next().ok_or(Unsupported::Malformed)?;
        Ok(match escaped {
            't' => '\t',
            'n' => '\n',
            'v' => '\u{B}',
            'f' => '\u{C}',
            'r' => '\r',
            '0' if !self.peek().is_some_and(|c| c.is_ascii_digit()) => '\0',
            'c' => match self.next() {
                Some(letter) if letter.is_ascii_alphabetic() => {
                    char::from((letter.to_ascii_uppercase() as u8) % 32)
                }
                _ => return Err(Unsupported::Malformed),
            },
            'x' => self
                .hex(2)
                .and_then(char::from_u32)
                .ok_or(Unsupported::Malformed)?,
            'u' => self.code_point()?,
            other if other.is_ascii_alphanumeric() => return Err(Unsupported::Malformed),
            other => other,
        })
    }

    /// What follows `\u`: four digits, two such escapes that make a surrogate pair, or digits in braces. Half a pair
    /// matches no character of a text.
    fn code_point(&mut self) -> Result<char, Unsupported> {
        let number = if self.peek() == Some('{') {
            let digits = self.braced().ok_or(Unsupported::Malformed)?;
            let hex = digits.chars().all(|c| c.is_ascii_hexdigit());
            let significant = digits.trim_start_matches('0');
            match significant.len() {
                _ if !hex => return Err(Unsupported::Malformed),
                0 => 0,
                _ => u32::from_str_radix(significant, 16).map_err(|_| Unsupported::Malformed)?,
            }
        } else {
            let first = self.hex(4).ok_or(Unsupported::Malformed)?;
            let before = self.at;
            let second = if (0xD800..0xDC00).contains(&first) && self.eat("\\u") {
                self.hex(4).filter(|low| (0xDC00..0xE000).contains(low))
            } else {
                None
            };
            match second {
                Some(low) => 0x10000 + ((first - 0xD800) << 10) + (low - 0xDC00),
                None => {
                    self.at = before;
                    first
                }
            }
        };
        char::from_u32(number).ok_or(if (0xD800..0xE000).contains(&number) {
            Unsupported::NotRegular
        } else {
            Unsupported::Malformed
        })
    }

    fn hex(&mut self, digits: usize) -> Option<u32> {
        let mut number = 0;
        for _ in 0..digits {
            number = number * 16 + self.next()?.to_digit(16)?;
        }
        Some(number)
    }

    /// What stands in braces here; not empty.
    fn braced(&mut self) -> Option<String> {
        if !self.eat("{") {
            return None;
        }
        let mut inside = String::new();
        loop {
            match self.next()? {
                '}' => return (!inside.is_empty()).then_some(inside),
                c => inside.push(c),
            }
        }
    }
}
