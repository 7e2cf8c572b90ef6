//! The words that claims are made of: obligations and negations in several languages, formats, small words.

use std::sync::LazyLock;

use super::table::{Set, Table};

/// The obligation, permission or negation that a word states, in one spelling; nothing where it states none.
pub(super) fn obligation(word: &str) -> Option<&'static str> {
    if word.contains('\'') && word.ends_with("n't") {
        return Some("not");
    }
    static TABLE: LazyLock<Table<&str>> = LazyLock::new(|| {
        let rows = OBLIGATIONS.iter();
        Table::new(rows.flat_map(|(meaning, words)| {
            words
                .split_whitespace()
                .map(|word| (word.to_owned(), *meaning))
        }))
    });
    TABLE.get(word)
}

/// Names of forms of dates, times and encodings: they are formats wherever they stand.
pub(super) fn is_form(word: &str) -> bool {
    word.starts_with("iso 8601")
        || word.starts_with("rfc ")
        || matches!(
            word,
            "utc" | "gmt" | "utf" | "iso8601" | "rfc3339" | "rfc2822" | "epoch"
        )
        || (word.len() >= 5 && word.contains(['-', '/', ':']) && word.contains("mm"))
}

/// Numbers as words. `one` is as often a pronoun.
pub(super) static NUMBERS: Set = Set::new(|| {
    Table::of(
        "zero two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty \
         fifty sixty ninety hundred thousand million billion",
    )
});

/// Words that only hold a sentence together, so that another such word in their place says the same.
pub(super) static GLUE: Set = Set::new(|| {
    Table::of(
        "a an the this that these those it its they their which your you is are be was were been of",
    )
});

/// Words that carry little, so that the next one says what is meant.
pub(super) static LIGHT: Set = Set::new(|| {
    Table::of(
        "a an the this that these those it its they their which your you is are be was were been of be \
         to in on at for with by as from and or will can do does should have has within",
    )
});

/// Names of formats of data and text.
pub(super) static FORMATS: Set = Set::new(|| {
    Table::of(
        "json jsonl ndjson csv tsv xml yaml toml html markdown pdf png jpeg jpg svg webp gif base64 \
         parquet plaintext hex hexadecimal protobuf msgpack docx xlsx",
    )
});

/// Last labels that make a dotted word a host. Those that are as often endings of files, or words, are left out.
pub(super) static TOP_LEVELS: Set = Set::new(|| {
    Table::of(
        "com org net io dev ai app co cloud example internal local invalid info biz gov edu mil xyz tech \
         site online store top ru cn de uk fr eu jp nl ch br onion link",
    )
});

/// Words that tell of errors, so that `404` beside them is one.
pub(super) static OF_ERRORS: Set = Set::new(|| {
    Table::of(
        "error errors status http response responses returns return code codes fails retry retries bad \
         unauthorized forbidden",
    )
});

/// Things that are called by a number.
pub(super) static NUMBERED: Set = Set::new(|| {
    Table::of(
        "version versions v step phase option section part stage draft python node gpt es api oauth http \
         web",
    )
});

/// Whoever uses a tool.
pub(super) static CALLERS: Set =
    Set::new(|| Table::of("you user users caller callers client clients model agent agents"));

/// Words before a format that goes in or comes out.
pub(super) static BEFORE_FORMATS: Set = Set::new(|| {
    Table::of(
        "as in to into return returns accepts expects format formats formatted output outputs produces \
         emits is are be",
    )
});

/// Words after one.
pub(super) static AFTER_FORMATS: Set = Set::new(|| {
    Table::of("format formatted string strings output object array encoded response body document")
});

/// Words before the name of a tool or a parameter that a model is told to use.
pub(super) static BEFORE_NAMES: Set = Set::new(|| {
    Table::of(
        "call calls calling use uses using invoke run via prefer tool through follow parameter argument",
    )
});

/// Words after one.
pub(super) static AFTER_NAMES: Set =
    Set::new(|| Table::of("tool tools function instead first parameter argument"));

/// Words that start a clause of circumstances.
pub(super) static CONDITIONS: Set = Set::new(|| {
    Table::of("if when whenever where whether while until wenn falls si cuando quando se")
});

/// Words that make a scope one of access.
pub(super) static OF_ACCESS: Set = Set::new(|| {
    Table::of(
        "oauth requires require required needs token tokens permission permissions grant granted \
         authorization read write",
    )
});

pub(super) const GLUED: [&str; 38] = [
    "不",
    "没",
    "沒",
    "未",
    "勿",
    "禁止",
    "仅",
    "僅",
    "只",
    "必须",
    "必須",
    "必需",
    "总是",
    "永远",
    "始终",
    "无需",
    "ません",
    "ない",
    "なければ",
    "のみ",
    "だけ",
    "必ず",
    "常に",
    "ずに",
    "않",
    "없",
    "못",
    "금지",
    "마세요",
    "반드시",
    "항상",
    "아니",
    "ไม่",
    "ห้าม",
    "ต้อง",
    "เท่านั้น",
    "មិន",
    "ບໍ່",
];

/// What is obliged, allowed or denied, and the words for it: English, German, French, Spanish, Portuguese, Italian,
/// Dutch, Polish, Russian, Turkish, Arabic, Hebrew, Hindi.
const OBLIGATIONS: [(&str, &str); 15] = [
    (
        "must",
        "must muss müssen muß doit doivent debe deben deve devem devono moet moeten musi muszą \
         należy должен должна должно должны нужно необходимо gerekir zorunlu يجب חייב חייבת चाहिए",
    ),
    ("shall", "shall"),
    (
        "never",
        "never nie niemals jamais nunca mai nooit nigdy никогда asla أبدا לעולם कभी",
    ),
    (
        "only",
        "only nur lediglich seulement uniquement solo sólo solamente únicamente somente apenas \
         soltanto alleen slechts tylko wyłącznie только лишь sadece yalnızca فقط רק केवल",
    ),
    (
        "always",
        "always immer stets toujours siempre sempre altijd zawsze всегда daima دائما תמיד हमेशा",
    ),
    (
        "not",
        "not cannot nicht pas não non niet не değil لا لم لن ليس לא אל नहीं मत",
    ),
    (
        "no",
        "no kein keine keinen keiner aucun aucune ninguna ningún ningun nenhum nenhuma nessun \
         nessuna geen nessuno żaden żadna нет нельзя אין yok",
    ),
    (
        "without",
        "without ohne sans sin sem senza zonder bez без olmadan بدون בלי ללא बिना",
    ),
    (
        "except",
        "except unless außer sauf excepto salvo tranne behalve oprócz кроме hariç باستثناء מלבד \
         सिवाय",
    ),
    (
        "forbidden",
        "forbidden prohibited disallowed verboten interdit interdite prohibido prohibida proibido \
         proibida vietato verboden zabronione запрещено запрещен yasak ممنوع אסור वर्जित",
    ),
    (
        "mandatory",
        "mandatory obligatory obligatorisch obligatoire obligatorio obligatoria obrigatório \
         obbligatorio verplicht obowiązkowe обязательно zorunludur إلزامي חובה अनिवार्य",
    ),
    (
        "required",
        "required require requires erforderlich requis requise requerido requerida necessário \
         richiesto vereist wymagane требуется gerekli مطلوب נדרש आवश्यक",
    ),
    (
        "allowed",
        "allowed permitted erlaubt zulässig autorisé permitido permitida consentito toegestaan \
         dozwolone разрешено مسموح מותר",
    ),
    ("may", "darf dürfen"),
    ("scope", "scope scopes"),
];
