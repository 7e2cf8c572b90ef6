//! Classes of characters: in brackets, by a letter, by a Unicode property.

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, HirKind};

use super::{Parser, Unsupported};

/// The class of those ranges, ends included.
pub(super) fn of<const N: usize>(ranges: [(char, char); N]) -> ClassUnicode {
    ClassUnicode::new(ranges.map(|(first, last)| ClassUnicodeRange::new(first, last)))
}

/// Every character, or every one but the line terminators.
pub(super) fn dot(all: bool) -> ClassUnicode {
    let mut set = if all {
        ClassUnicode::empty()
    } else {
        of([('\n', '\n'), ('\r', '\r'), ('\u{2028}', '\u{2029}')])
    };
    set.negate();
    set
}

/// White space and line terminators.
pub(super) fn space() -> ClassUnicode {
    of([
        ('\t', '\r'),
        (' ', ' '),
        ('\u{A0}', '\u{A0}'),
        ('\u{1680}', '\u{1680}'),
        ('\u{2000}', '\u{200A}'),
        ('\u{2028}', '\u{2029}'),
        ('\u{202F}', '\u{202F}'),
        ('\u{205F}', '\u{205F}'),
        ('\u{3000}', '\u{3000}'),
        ('\u{FEFF}', '\u{FEFF}'),
    ])
}

/// The class that the text between the braces of `\p{...}` names. The names are exact, as ECMA-262 has them.
///
/// # Errors
///
/// [`Unsupported::Malformed`] where ECMA-262 knows no such property, [`Unsupported::NotRegular`] where its table is not
/// built in.
pub(super) fn property(text: &str) -> Result<ClassUnicode, Unsupported> {
    let query = match text.split_once('=') {
        Some(("Script" | "sc", name)) if is_script(name) => format!("sc={name}"),
        Some(("Script_Extensions" | "scx", name)) if is_script(name) => format!("scx={name}"),
        Some(("General_Category" | "gc", name)) if is_category(name) => format!("gc={name}"),
        None if is_category(text) => format!("gc={text}"),
        None => match BINARY
            .iter()
            .find(|(long, short)| text == *long || text == *short)
        {
            Some((long, _)) => (*long).to_owned(),
            None => return Err(Unsupported::Malformed),
        },
        Some(_) => return Err(Unsupported::Malformed),
    };
    if matches!(query.as_str(), "gc=Cs" | "gc=Surrogate") {
        return Ok(ClassUnicode::empty());
    }
    // The name is one of the tables below, or letters and underscores: the two dialects agree on such a query.
    let unknown = if query.starts_with("sc") {
        Unsupported::Malformed
    } else {
        Unsupported::NotRegular
    };
    let hir = regex_syntax::parse(&format!("\\p{{{query}}}")).map_err(|_| unknown)?;
    match hir.into_kind() {
        HirKind::Class(Class::Unicode(set)) => Ok(set),
        HirKind::Literal(literal) => {
            let chars = std::str::from_utf8(&literal.0).expect("a class of characters");
            Ok(ClassUnicode::new(
                chars.chars().map(|c| ClassUnicodeRange::new(c, c)),
            ))
        }
        _ => Err(Unsupported::NotRegular),
    }
}

/// Whether the text is written as the names of scripts are (`Greek`, `Old_Italic`, `SignWriting`, `Grek`).
fn is_script(name: &str) -> bool {
    name.split('_').all(|word| {
        let capital = |c: &u8| c.is_ascii_uppercase();
        word.bytes().all(|c| c.is_ascii_alphabetic())
            && word.as_bytes().first().is_some_and(capital)
            && !word
                .as_bytes()
                .windows(2)
                .any(|two| two.iter().all(capital))
    })
}

fn is_category(name: &str) -> bool {
    CATEGORIES.split_whitespace().any(|known| known == name)
}

/// An item of a class in brackets.
enum Item {
    Char(char),
    Set(ClassUnicode),
}

impl Parser {
    /// A class in brackets, after the opening one.
    pub(super) fn class(&mut self) -> Result<ClassUnicode, Unsupported> {
        let negated = self.eat("^");
        let mut ranges = Vec::new();
        while !self.eat("]") {
            let first = self.item()?;
            let range =
                self.peek() == Some('-') && self.chars.get(self.at + 1).is_some_and(|c| *c != ']');
            if !range {
                add(&mut ranges, first);
                continue;
            }
            self.at += 1;
            match (first, self.item()?) {
                (Item::Char(first), Item::Char(last)) if first <= last => {
                    ranges.push(ClassUnicodeRange::new(first, last));
                }
                (Item::Char(_), Item::Char(_)) => return Err(Unsupported::Malformed),
                // Annex B: a set is no end of a range, so that the hyphen stands for itself.
                (first, last) => {
                    add(&mut ranges, first);
                    add(&mut ranges, Item::Char('-'));
                    add(&mut ranges, last);
                }
            }
        }
        self.count(ranges.len())?;
        let mut set = ClassUnicode::new(ranges);
        if self.flags.ignore_case {
            set.case_fold_simple();
        }
        if negated {
            set.negate();
        }
        Ok(set)
    }

    fn item(&mut self) -> Result<Item, Unsupported> {
        match self.next().ok_or(Unsupported::Malformed)? {
            '\\' if self.eat("b") => Ok(Item::Char('\u{8}')),
            '\\' => match self.class_escape()? {
                Some(set) => Ok(Item::Set(set)),
                None => Ok(Item::Char(self.character_escape()?)),
            },
            other => Ok(Item::Char(other)),
        }
    }
}

fn add(ranges: &mut Vec<ClassUnicodeRange>, item: Item) {
    match item {
        Item::Char(c) => ranges.push(ClassUnicodeRange::new(c, c)),
        Item::Set(set) => ranges.extend(set.ranges()),
    }
}

/// The values of `General_Category`, with their aliases.
const CATEGORIES: &str = "
    C Other Cc Control cntrl Cf Format Cn Unassigned Co Private_Use Cs Surrogate
    L Letter LC Cased_Letter Ll Lowercase_Letter Lm Modifier_Letter Lo Other_Letter Lt Titlecase_Letter
    Lu Uppercase_Letter
    M Mark Combining_Mark Mc Spacing_Mark Me Enclosing_Mark Mn Nonspacing_Mark
    N Number Nd Decimal_Number digit Nl Letter_Number No Other_Number
    P Punctuation punct Pc Connector_Punctuation Pd Dash_Punctuation Pe Close_Punctuation Pf Final_Punctuation
    Pi Initial_Punctuation Po Other_Punctuation Ps Open_Punctuation
    S Symbol Sc Currency_Symbol Sk Modifier_Symbol Sm Math_Symbol So Other_Symbol
    Z Separator Zl Line_Separator Zp Paragraph_Separator Zs Space_Separator
";

/// The binary properties, each with its alias.
const BINARY: [(&str, &str); 53] = [
    ("ASCII", "ASCII"),
    ("ASCII_Hex_Digit", "AHex"),
    ("Alphabetic", "Alpha"),
    ("Any", "Any"),
    ("Assigned", "Assigned"),
    ("Bidi_Control", "Bidi_C"),
    ("Bidi_Mirrored", "Bidi_M"),
    ("Case_Ignorable", "CI"),
    ("Cased", "Cased"),
    ("Changes_When_Casefolded", "CWCF"),
    ("Changes_When_Casemapped", "CWCM"),
    ("Changes_When_Lowercased", "CWL"),
    ("Changes_When_NFKC_Casefolded", "CWKCF"),
    ("Changes_When_Titlecased", "CWT"),
    ("Changes_When_Uppercased", "CWU"),
    ("Dash", "Dash"),
    ("Default_Ignorable_Code_Point", "DI"),
    ("Deprecated", "Dep"),
    ("Diacritic", "Dia"),
    ("Emoji", "Emoji"),
    ("Emoji_Component", "EComp"),
    ("Emoji_Modifier", "EMod"),
    ("Emoji_Modifier_Base", "EBase"),
    ("Emoji_Presentation", "EPres"),
    ("Extended_Pictographic", "ExtPict"),
    ("Extender", "Ext"),
    ("Grapheme_Base", "Gr_Base"),
    ("Grapheme_Extend", "Gr_Ext"),
    ("Hex_Digit", "Hex"),
    ("IDS_Binary_Operator", "IDSB"),
    ("IDS_Trinary_Operator", "IDST"),
    ("ID_Continue", "IDC"),
    ("ID_Start", "IDS"),
    ("Ideographic", "Ideo"),
    ("Join_Control", "Join_C"),
    ("Logical_Order_Exception", "LOE"),
    ("Lowercase", "Lower"),
    ("Math", "Math"),
    ("Noncharacter_Code_Point", "NChar"),
    ("Pattern_Syntax", "Pat_Syn"),
    ("Pattern_White_Space", "Pat_WS"),
    ("Quotation_Mark", "QMark"),
    ("Radical", "Radical"),
    ("Regional_Indicator", "RI"),
    ("Sentence_Terminal", "STerm"),
    ("Soft_Dotted", "SD"),
    ("Terminal_Punctuation", "Term"),
    ("Unified_Ideograph", "UIdeo"),
    ("Uppercase", "Upper"),
    ("Variation_Selector", "VS"),
    ("White_Space", "space"),
    ("XID_Continue", "XIDC"),
    ("XID_Start", "XIDS"),
];

#[cfg(test)]
pub(in super::super) fn names() -> impl Iterator<Item = &'static str> {
    let binary = BINARY.iter().flat_map(|(long, short)| [*long, *short]);
    CATEGORIES.split_whitespace().chain(binary)
}
