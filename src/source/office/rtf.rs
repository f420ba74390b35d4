//! Reads .rtf (Rich Text Format 1.9), as far as text, paragraphs and tables go.

use encoding_rs::{BIG5, Encoding, GBK, UTF_8, WINDOWS_1252};

use crate::source::office::Refused;
use crate::source::office::lines::{Lines, Stand};

/// Groups that hold no text of the document.
const SKIPPED: [&str; 24] = [
    "fonttbl",
    "colortbl",
    "stylesheet",
    "info",
    "listtable",
    "listoverridetable",
    "revtbl",
    "rsidtbl",
    "generator",
    "xmlnstbl",
    "themedata",
    "colorschememapping",
    "latentstyles",
    "datastore",
    "filetbl",
    "fldinst",
    "header",
    "headerl",
    "headerr",
    "headerf",
    "footer",
    "footerl",
    "footerr",
    "footerf",
];

pub(super) fn read(bytes: &[u8]) -> Result<Lines, Refused> {
    let mut reader = Reader {
        lines: Lines::new("RTF document"),
        charset: WINDOWS_1252,
        pending: Vec::new(),
        text: String::new(),
        cells: Vec::new(),
        rows: Vec::new(),
        stack: Vec::new(),
        state: State { skipped: false, hidden: false, centred: false, in_table: false, after_unicode: 1 },
        to_skip: 0,
    };
    let mut tokens = Tokens { bytes, at: 0 };
    while let Some(token) = tokens.next() {
        reader.take(token, &mut tokens);
    }
    if !reader.stack.is_empty() {
        return Err(Refused::damaged("RTF document", "it is cut off"));
    }
    reader.end_paragraph();
    reader.end_table();
    Ok(reader.lines)
}

enum Token<'b> {
    Open,
    Close,
    /// A control word with its number.
    Word(&'b str, Option<i32>),
    /// `\*`: what follows may be passed over by those who do not know it.
    Optional,
    Byte(u8),
}

struct Tokens<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Tokens<'b> {
    fn next(&mut self) -> Option<Token<'b>> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(match byte {
            b'{' => Token::Open,
            b'}' => Token::Close,
            b'\\' => self.control()?,
            b'\r' | b'\n' | 0 => return self.next_after_break(),
            byte => Token::Byte(byte),
        })
    }

    /// Line ends are there for people who look at the file. Skips all of them at once: no recursion on hostile files.
    fn next_after_break(&mut self) -> Option<Token<'b>> {
        while matches!(self.bytes.get(self.at), Some(b'\r' | b'\n' | 0)) {
            self.at += 1;
        }
        self.next()
    }

    fn control(&mut self) -> Option<Token<'b>> {
        let first = *self.bytes.get(self.at)?;
        if !first.is_ascii_alphabetic() {
            self.at += 1;
            return Some(match first {
                b'*' => Token::Optional,
                b'\'' => {
                    let hex = self.bytes.get(self.at..self.at + 2).and_then(|hex| std::str::from_utf8(hex).ok());
                    self.at += 2;
                    Token::Byte(hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or(b'?'))
                }
                b'~' => Token::Byte(b' '),
                b'_' => Token::Byte(b'-'),
                b'\r' | b'\n' => Token::Word("par", None),
                b'-' | b':' | b'|' => Token::Word("", None),
                byte => Token::Byte(byte),
            });
        }
        let word = self.run(u8::is_ascii_alphabetic);
        let start = self.at;
        if self.bytes.get(self.at) == Some(&b'-') {
            self.at += 1;
        }
        self.run(u8::is_ascii_digit);
        let number = std::str::from_utf8(&self.bytes[start..self.at]).ok().and_then(|number| number.parse().ok());
        if self.bytes.get(self.at) == Some(&b' ') {
            self.at += 1;
        }
        Some(Token::Word(word, number))
    }

    fn run(&mut self, is: impl Fn(&u8) -> bool) -> &'b str {
        let start = self.at;
        self.at += self.bytes[start..].iter().take_while(|byte| is(byte)).count();
        std::str::from_utf8(&self.bytes[start..self.at]).unwrap_or_default()
    }
}

/// What a group inherits.
#[derive(Clone, Copy)]
struct State {
    skipped: bool,
    hidden: bool,
    centred: bool,
    in_table: bool,
    /// Characters that stand for a `\u` where it is not known.
    after_unicode: usize,
}

struct Reader {
    lines: Lines,
    charset: &'static Encoding,
    /// Bytes of the file's own charset, not yet decoded.
    pending: Vec<u8>,
    text: String,
    cells: Vec<String>,
    rows: Vec<Vec<String>>,
    stack: Vec<State>,
    state: State,
    to_skip: usize,
}

impl Reader {
    fn take(&mut self, token: Token, tokens: &mut Tokens) {
        match token {
            Token::Open => {
                self.decode();
                self.to_skip = 0;
                self.stack.push(self.state);
            }
            Token::Close => {
                self.decode();
                self.to_skip = 0;
                self.state = self.stack.pop().unwrap_or(self.state);
            }
            Token::Optional => self.state.skipped |= !self.is_wanted(tokens),
            Token::Byte(_) if self.to_skip > 0 => self.to_skip -= 1,
            Token::Byte(byte) if !self.state.skipped && !self.state.hidden => self.pending.push(byte),
            Token::Byte(_) => {}
            Token::Word(word, number) => self.word(word, number, tokens),
        }
    }

    /// Of the groups that may be passed over, the text of shapes is wanted.
    fn is_wanted(&self, tokens: &Tokens) -> bool {
        let rest = &tokens.bytes[tokens.at..];
        rest.starts_with(b"\\shpinst") || rest.starts_with(b"\\shptxt")
    }

    fn word(&mut self, word: &str, number: Option<i32>, tokens: &mut Tokens) {
        self.decode();
        match word {
            "u" => {
                if let Some(c) = number.and_then(|n| u32::try_from(if n < 0 { n + 65536 } else { n }).ok()) {
                    self.unicode(c, tokens);
                }
                self.to_skip = self.state.after_unicode;
                return;
            }
            "uc" => self.state.after_unicode = number.and_then(|n| usize::try_from(n).ok()).unwrap_or(1).min(16),
            "ansicpg" => {
                self.charset = match number {
                    Some(936) => GBK,
                    Some(950) => BIG5,
                    Some(65001) => UTF_8,
                    _ => WINDOWS_1252,
                }
            }
            "bin" => tokens.at += number.and_then(|n| usize::try_from(n).ok()).unwrap_or(0).min(tokens.bytes.len() - tokens.at),
            "pict" => {
                self.lines.leave_out("pictures");
                self.state.skipped = true;
            }
            "v" => self.state.hidden = number != Some(0),
            "deleted" if number != Some(0) => {
                self.lines.leave_out("deleted passages");
                self.state.hidden = true;
            }
            "pard" => (self.state.centred, self.state.in_table) = (false, false),
            "qc" => self.state.centred = true,
            "intbl" => self.state.in_table = true,
            word if SKIPPED.contains(&word) => self.state.skipped = true,
            _ if self.state.skipped => {}
            "par" | "sect" | "page" => self.end_paragraph(),
            "line" => self.text.push('\n'),
            "tab" => self.text.push('　'),
            "cell" | "nestcell" => self.cells.push(std::mem::take(&mut self.text)),
            "row" => self.rows.push(std::mem::take(&mut self.cells)),
            "emdash" => self.text.push('—'),
            "endash" => self.text.push('–'),
            "lquote" => self.text.push('‘'),
            "rquote" => self.text.push('’'),
            "ldblquote" => self.text.push('“'),
            "rdblquote" => self.text.push('”'),
            "bullet" => self.text.push('•'),
            _ => {}
        }
        self.to_skip = 0;
    }

    /// Characters beyond the first plane come in two halves.
    fn unicode(&mut self, code: u32, tokens: &Tokens) {
        if self.state.skipped || self.state.hidden {
            return;
        }
        if (0xd800..0xdc00).contains(&code) {
            let rest = String::from_utf8_lossy(&tokens.bytes[tokens.at..tokens.bytes.len().min(tokens.at + 24)]).into_owned();
            let low = rest.split("\\u").nth(1).and_then(|rest| {
                let digits: String = rest.chars().take_while(|c| *c == '-' || c.is_ascii_digit()).collect();
                digits.parse::<i32>().ok()
            });
            if let Some(low) = low.map(|low| if low < 0 { low + 65536 } else { low } as u32).filter(|low| (0xdc00..0xe000).contains(low)) {
                self.text.extend(char::from_u32(0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00)));
            }
        } else {
            self.text.extend(char::from_u32(code));
        }
    }

    fn decode(&mut self) {
        if !self.pending.is_empty() {
            // Chinese programs write the bytes of their code page whatever the head says.
            let charset =
                if self.charset == WINDOWS_1252 && !GBK.decode_without_bom_handling(&self.pending).1 { GBK } else { self.charset };
            self.text.push_str(&charset.decode_without_bom_handling(&self.pending).0);
            self.pending.clear();
        }
    }

    fn end_paragraph(&mut self) {
        self.decode();
        if self.state.in_table {
            self.text.push('\n');
            return;
        }
        self.end_table();
        let text = std::mem::take(&mut self.text);
        self.lines.paragraph(&text, if self.state.centred { Stand::Title } else { Stand::Body });
    }

    fn end_table(&mut self) {
        if !self.rows.is_empty() {
            self.lines.table(&std::mem::take(&mut self.rows));
        }
    }
}
