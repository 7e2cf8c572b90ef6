//! Server text made visible and harmless for a terminal or a CI log.
//!
//! What no reader would see, or what a terminal or a CI runner would obey, is spelled out as `\u{…}`. The text does
//! not get any prettier: it is neither translated nor normalised, and legitimate writing in any script stays as it is.

mod names;

pub use names::name_lines;

use unicode_general_category::{GeneralCategory, get_general_category};
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

/// The most combining marks that one letter may carry. Longer stacks cover the lines around them.
const MARKS_AT_MOST: usize = 8;

/// Which characters the reader's terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Charset {
    /// All of Unicode.
    #[default]
    Unicode,
    /// ASCII alone. Everything else is spelled out, since a byte of it may be a control code to such a terminal.
    Ascii,
}

impl Charset {
    /// The text on one line, with everything spelled out that is invisible, misleading or obeyed.
    ///
    /// Neither controls nor format characters are left, apart from joiners where a script or an emoji needs them; a
    /// newline is a glyph, a tab a space. Text that went through once stays as it is.
    pub fn visible(self, text: &str) -> String {
        if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return disarm(text);
        }
        let chars: Vec<char> = text.chars().collect();
        let mut out = String::with_capacity(text.len());
        // The last character that stands as it came; nothing after one that was spelled out.
        let mut before = None;
        let mut marks = 0;
        for (index, &char) in chars.iter().enumerate() {
            let after = chars.get(index + 1).copied();
            let category = get_general_category(char);
            marks = if is_mark(category) { marks + 1 } else { 0 };
            before = match char {
                '\n' => {
                    out.push_str(self.newline());
                    None
                }
                '\r' if after == Some('\n') => before,
                '\t' => {
                    out.push(' ');
                    Some(' ')
                }
                _ if (self == Self::Ascii && !char.is_ascii())
                    || marks > MARKS_AT_MOST
                    || (is_unseen(char, category) && !is_needed(char, before, after)) =>
                {
                    out.extend(char.escape_unicode());
                    None
                }
                _ => {
                    out.push(char);
                    Some(char)
                }
            };
        }
        disarm(&out)
    }

    /// The visible text in back-ticks, which it cannot close.
    pub fn quoted(self, text: &str) -> String {
        format!("`{}`", self.visible(text).replace('`', "\\u{60}"))
    }

    /// The visible text cut to a width in columns, with an ellipsis in place of what is cut off.
    pub fn shorten(self, visible: &str, width: usize) -> String {
        if visible.width() <= width {
            return visible.to_owned();
        }
        let room = width.saturating_sub(self.ellipsis().width());
        let mut cut = head(visible, room).trim_end().to_owned();
        cut.push_str(self.ellipsis());
        cut
    }

    /// The beginning of a text, made visible and cut to a width in columns. What is cut off is not looked at.
    pub fn excerpt(self, text: &str, width: usize) -> String {
        // A character shows in a column at least, but for the few marks that may stand on one.
        let most = width.saturating_add(1).saturating_mul(MARKS_AT_MOST + 1);
        let end = text
            .char_indices()
            .nth(most)
            .map_or(text.len(), |(index, _)| index);
        self.shorten(&self.visible(&text[..end]), width)
    }

    /// What stands for text that is left out.
    pub fn ellipsis(self) -> &'static str {
        match self {
            Self::Unicode => "…",
            Self::Ascii => "...",
        }
    }

    /// What stands for a line break.
    pub fn newline(self) -> &'static str {
        match self {
            Self::Unicode => "⏎",
            Self::Ascii => "\\n",
        }
    }
}

/// [`Charset::visible`] for a reader with Unicode.
pub fn visible(text: &str) -> String {
    Charset::Unicode.visible(text)
}

/// [`Charset::shorten`] for a reader with Unicode.
pub fn shorten(visible: &str, width: usize) -> String {
    Charset::Unicode.shorten(visible, width)
}

/// [`Charset::quoted`] for a reader with Unicode.
pub fn quoted(text: &str) -> String {
    Charset::Unicode.quoted(text)
}

/// How many there are: "1 finding", "3 findings".
pub fn count(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// The first character of a text that [`visible`] would spell out, since nobody would see it as it is.
pub fn unseen(text: &str) -> Option<char> {
    let chars: Vec<char> = text.chars().collect();
    let is_seen = |index: usize, char: char| {
        let before = index.checked_sub(1).map(|before| chars[before]);
        let after = chars.get(index + 1).copied();
        !is_unseen(char, get_general_category(char)) || is_needed(char, before, after)
    };
    let mut all = chars.iter().copied().enumerate();
    let unseen = all.find(|(index, char)| !is_seen(*index, *char));
    unseen.map(|(_, char)| char)
}

/// The columns that a visible text takes.
pub fn width(visible: &str) -> usize {
    visible.width()
}

/// The longest beginning of a visible text that takes no more than `width` columns. It ends between characters as
/// people see them.
pub fn head(visible: &str, width: usize) -> &str {
    let mut used = 0;
    for (index, grapheme) in visible.grapheme_indices(true) {
        used += grapheme.width();
        if used > width {
            return &visible[..index];
        }
    }
    visible
}

/// The longest end of a visible text that takes no more than `width` columns.
pub fn tail(visible: &str, width: usize) -> &str {
    let mut used = 0;
    for (index, grapheme) in visible.grapheme_indices(true).rev() {
        used += grapheme.width();
        if used > width {
            return &visible[index + grapheme.len()..];
        }
    }
    visible
}

/// A line that no CI runner takes for a command.
///
/// Runners look for `##[…]` and `##vso[…]` anywhere in a line, and for `::…::` after its leading white space. Each
/// line that carries server text goes through here once more when it is whole, since a frame can complete what
/// harmless pieces began.
pub fn disarm(line: &str) -> String {
    let start = line.len() - line.trim_start().len();
    if !line[start..].starts_with("::") && !line.contains("##") {
        return line.to_owned();
    }
    let mut out = String::with_capacity(line.len());
    for (index, char) in line.char_indices() {
        let rest = &line[index..];
        out.push(char);
        if (char == ':' && index == start && rest.starts_with("::"))
            || rest
                .strip_prefix("##")
                .is_some_and(|rest| rest.trim_start_matches(is_command_name).starts_with('['))
        {
            out.push('\\');
        }
    }
    out
}

fn is_command_name(char: char) -> bool {
    char.is_ascii_alphanumeric() || char == '-' || char == '_'
}

fn is_mark(category: GeneralCategory) -> bool {
    matches!(
        category,
        GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark
    )
}

/// Whether a terminal shows nothing for a character, something else than it is, or obeys it.
fn is_unseen(char: char, category: GeneralCategory) -> bool {
    match category {
        GeneralCategory::Control
        | GeneralCategory::Format
        | GeneralCategory::PrivateUse
        | GeneralCategory::Surrogate
        | GeneralCategory::Unassigned
        | GeneralCategory::LineSeparator
        | GeneralCategory::ParagraphSeparator => true,
        // The ideographic space is as wide as the letters around it; the others pass for a plain one.
        GeneralCategory::SpaceSeparator => char != ' ' && char != '\u{3000}',
        // Letters, marks and symbols that are drawn as nothing at all.
        _ => matches!(char,
            '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180d}' | '\u{180f}'
            | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{e0100}'..='\u{e01ef}'),
    }
}

/// Whether an unseen character does what it is there for: it joins or parts letters of a script that has such forms,
/// or it belongs to an emoji.
fn is_needed(char: char, before: Option<char>, after: Option<char>) -> bool {
    let Some(before) = before else {
        return false;
    };
    match char {
        '\u{200d}' if is_emoji_end(before) => after.is_some_and(is_symbol),
        // Malayalam and Sinhala also end words in a virama with a joiner.
        '\u{200d}' if is_virama(before) => true,
        '\u{200c}' | '\u{200d}' => joins_letters(before) && after.is_some_and(joins_letters),
        '\u{fe0e}' | '\u{fe0f}' => {
            is_symbol(before)
                || matches!(before, '‼' | '⁉' | '〰')
                || (matches!(before, '0'..='9' | '#' | '*') && after == Some('\u{20e3}'))
        }
        _ => false,
    }
}

fn is_symbol(char: char) -> bool {
    char != '\u{2800}'
        && !char.is_ascii()
        && matches!(
            get_general_category(char),
            GeneralCategory::OtherSymbol | GeneralCategory::MathSymbol
        )
}

fn is_emoji_end(char: char) -> bool {
    is_symbol(char) || matches!(char, '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}')
}

fn is_virama(char: char) -> bool {
    matches!(char, '\u{900}'..='\u{dff}')
        && get_general_category(char) == GeneralCategory::NonspacingMark
}

/// Letters and marks of the scripts whose orthography uses joiners: Arabic, Syriac and N'Ko, the Indic scripts with
/// Sinhala, Tibetan and Myanmar, Khmer, Mongolian, and the Arabic presentation forms.
fn joins_letters(char: char) -> bool {
    matches!(char, '\u{600}'..='\u{8ff}' | '\u{900}'..='\u{109f}' | '\u{1780}'..='\u{18af}'
        | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
        && matches!(
            get_general_category(char),
            GeneralCategory::OtherLetter
                | GeneralCategory::ModifierLetter
                | GeneralCategory::NonspacingMark
                | GeneralCategory::SpacingMark
        )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_unseen_or_obeyed_is_spelled_out() {
        for (text, expected) in [
            (
                "a\u{1b}[31mred\u{1b}]8;;x\u{7}",
                "a\\u{1b}[31mred\\u{1b}]8;;x\\u{7}",
            ),
            ("\u{0}\u{7f}\u{9b}2J\u{85}", "\\u{0}\\u{7f}\\u{9b}2J\\u{85}"),
            (
                "one\ntwo\r\nthree\rfour\tfive",
                "one⏎two⏎three\\u{d}four five",
            ),
            ("\u{2028}\u{2029}", "\\u{2028}\\u{2029}"),
            (
                "a\u{202e}b\u{2066}c\u{200f}",
                "a\\u{202e}b\\u{2066}c\\u{200f}",
            ),
            (
                "pass\u{200b}word\u{feff}\u{2060}\u{ad}",
                "pass\\u{200b}word\\u{feff}\\u{2060}\\u{ad}",
            ),
            ("x\u{e0041}\u{e007f}", "x\\u{e0041}\\u{e007f}"),
            (
                "x\u{fe00}\u{fe0f}\u{e0100}",
                "x\\u{fe00}\\u{fe0f}\\u{e0100}",
            ),
            ("👍\u{fe0f}\u{fe0f}", "👍\u{fe0f}\\u{fe0f}"),
            (
                "\u{e000}\u{fdd0}\u{ffff}\u{10ffff}",
                "\\u{e000}\\u{fdd0}\\u{ffff}\\u{10ffff}",
            ),
            ("a\u{a0}b\u{3164}c\u{2800}", "a\\u{a0}b\\u{3164}c\\u{2800}"),
            ("a\u{200d}b \u{200c}", "a\\u{200d}b \\u{200c}"),
            ("👩\u{200d}evil", "👩\\u{200d}evil"),
            ("می\u{200c}\u{200c}خواهم", "می\\u{200c}\\u{200c}خواهم"),
            (
                "##[error]no ###[x ##vso[task] ## Heading",
                "#\\#[error]no ##\\#[x #\\#vso[task] ## Heading",
            ),
            ("  ::error::no", "  :\\:error::no"),
            ("std::fs", "std::fs"),
        ] {
            assert_eq!(visible(text), expected, "{text:?}");
        }
        let stack = format!("e{}", "\u{301}".repeat(10));
        assert_eq!(
            visible(&stack),
            format!("e{}\\u{{301}}\\u{{301}}", "\u{301}".repeat(8))
        );
    }

    #[test]
    fn the_first_unseen_character_is_found() {
        for (text, found) in [
            ("plain, ##[x] and ::y", None),
            ("❤\u{fe0f} می\u{200c}خواهم", None),
            ("a\u{202e}b\u{200b}", Some('\u{202e}')),
            ("two\nlines", Some('\n')),
            ("\u{2028}", Some('\u{2028}')),
        ] {
            assert_eq!(unseen(text), found, "{text:?}");
        }
    }

    #[test]
    fn legitimate_writing_stays() {
        for text in [
            "naïve café, e\u{301}, Ω ≠ ∅",
            "می\u{200c}خواهم",
            "क\u{94d}\u{200d}ष, ന\u{d4d}\u{200d}മ, അവന\u{d4d}\u{200d} is",
            "👩\u{200d}👩\u{200d}👧, 👩🏽\u{200d}💻, ❤\u{fe0f}\u{200d}🔥, 1\u{fe0f}\u{20e3}, ©\u{fe0f}, 🇩🇪",
            "שלום, مرحبا, 你好\u{3000}世界, ไทย",
            "a \\u{200b} that is written out",
        ] {
            assert_eq!(visible(text), text);
        }
    }

    #[test]
    fn ascii_terminals_get_ascii() {
        assert_eq!(Charset::Ascii.visible("é\n👍"), "\\u{e9}\\n\\u{1f44d}");
        assert_eq!(Charset::Ascii.shorten("abcdefgh", 6), "abc...");
    }

    #[test]
    fn cuts_fall_between_what_people_see_as_characters() {
        for (text, width, expected) in [
            ("short", 5, "short"),
            ("longer", 5, "long…"),
            ("two words", 5, "two…"),
            ("你好世界", 5, "你好…"),
            ("ae\u{301}e\u{301}e\u{301}", 3, "ae\u{301}…"),
            ("x", 0, "…"),
        ] {
            assert_eq!(shorten(text, width), expected);
        }
        assert_eq!(tail("ab你好", 3), "好");
    }

    #[test]
    fn back_ticks_do_not_break_out() {
        assert_eq!(
            quoted("a` was removed. `b"),
            "`a\\u{60} was removed. \\u{60}b`"
        );
    }

    proptest! {
        #[test]
        fn nothing_unseen_is_left(text in any::<String>(), spice in "[\u{200b}-\u{200f}\u{fe00}-\u{fe0f}👩क\u{94d}م#\\[:\n\r\u{1b}\u{e0020}\u{301}]{0,12}") {
            for charset in [Charset::Unicode, Charset::Ascii] {
                let shown = charset.visible(&format!("{spice}{text}{spice}"));
                let joiners = ['\u{200c}', '\u{200d}'];
                for char in shown.chars() {
                    let category = get_general_category(char);
                    prop_assert!(joiners.contains(&char) || !matches!(category,
                        GeneralCategory::Control | GeneralCategory::Format | GeneralCategory::PrivateUse
                        | GeneralCategory::Unassigned | GeneralCategory::LineSeparator
                        | GeneralCategory::ParagraphSeparator), "{char:?}");
                }
                prop_assert!(charset == Charset::Unicode || shown.is_ascii());
                prop_assert!(!shown.contains("##[") && !shown.trim_start().starts_with("::"));
                prop_assert_eq!(charset.visible(&shown), shown);
            }
        }
    }
}
