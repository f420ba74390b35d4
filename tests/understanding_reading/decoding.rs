//! Encodings: what is read, how it was decided, and what is refused.

use encoding_rs::{BIG5, GB18030};
use huibian::source::{Encoding, decode};

const SIMPLIFIED: &str = "某某县水利工作总结\n今年以来，全县水利工作稳步推进，完成投资3.2亿元。\n";
const TRADITIONAL: &str = "某某縣水利工作總結\n今年以來，全縣水利工作穩步推進，完成投資3.2億元。\n";

fn gb(text: &str) -> Vec<u8> {
    GB18030.encode(text).0.into_owned()
}

fn big5(text: &str) -> Vec<u8> {
    BIG5.encode(text).0.into_owned()
}

fn utf16(text: &str, little: bool) -> Vec<u8> {
    text.encode_utf16().flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
}

fn with(mark: &[u8], bytes: Vec<u8>) -> Vec<u8> {
    [mark, &bytes].concat()
}

#[track_caller]
fn reads(bytes: &[u8], text: &str, encoding: Encoding) {
    let decoded = decode(bytes).unwrap_or_else(|problem| panic!("{text}: {problem:?}"));
    assert_eq!((decoded.text.as_str(), decoded.encoding), (text, encoding), "{}", decoded.decided_by);
    assert!(!decoded.decided_by.is_empty());
}

/// The reason holds these words, and the first wrong byte is this one.
#[track_caller]
fn refuses(bytes: &[u8], words: &str, byte: Option<usize>) {
    let problem = decode(bytes).expect_err("not to be read");
    assert!(problem.reason.contains(words), "{}", problem.reason);
    assert_eq!(problem.byte, byte, "{}", problem.reason);
    assert!(!problem.help.is_empty());
}

#[test]
fn marked_encodings_are_what_they_say() {
    reads(&with(b"\xef\xbb\xbf", SIMPLIFIED.into()), SIMPLIFIED, Encoding::Utf8);
    reads(&with(b"\xff\xfe", utf16(SIMPLIFIED, true)), SIMPLIFIED, Encoding::Utf16Le);
    reads(&with(b"\xfe\xff", utf16(SIMPLIFIED, false)), SIMPLIFIED, Encoding::Utf16Be);
    reads(&with(b"\x84\x31\x95\x33", gb(SIMPLIFIED)), SIMPLIFIED, Encoding::Gb18030);
}

#[test]
fn unmarked_encodings_are_told_apart() {
    reads(SIMPLIFIED.as_bytes(), SIMPLIFIED, Encoding::Utf8);
    reads(&gb(SIMPLIFIED), SIMPLIFIED, Encoding::Gb18030);
    reads(&big5(TRADITIONAL), TRADITIONAL, Encoding::Big5);
    reads(&utf16(SIMPLIFIED, true), SIMPLIFIED, Encoding::Utf16Le);
    reads(&utf16(SIMPLIFIED, false), SIMPLIFIED, Encoding::Utf16Be);
    reads(&utf16(TRADITIONAL, true), TRADITIONAL, Encoding::Utf16Le);
    reads(b"Report 2023\r\nline", "Report 2023\r\nline", Encoding::Utf8);
    reads(&utf16("Report 2023\nline", true), "Report 2023\nline", Encoding::Utf16Le);
}

#[test]
fn short_texts_are_read_where_only_one_reading_makes_sense() {
    for text in ["报告", "县", "联通", "工作总结", "Report 2023 县", "第一章", "２０２３年"] {
        reads(text.as_bytes(), text, Encoding::Utf8);
    }
    for text in ["报告", "联通", "工作总结", "Report 2023 县", "水利工作"] {
        reads(&gb(text), text, Encoding::Gb18030);
    }
    for text in ["工作總結", "水利工作報告"] {
        reads(&big5(text), text, Encoding::Big5);
    }
}

#[test]
fn rare_characters_and_four_byte_codes_survive() {
    for text in ["𠮷野家在某某县开业，工作总结如下。", "•龘靐齉•工作总结，全县水利工作稳步推进。", "€〇々工作总结报告"]
    {
        reads(&gb(text), text, Encoding::Gb18030);
    }
}

#[test]
fn mixed_and_broken_texts_are_refused_with_the_place() {
    let mixed = [SIMPLIFIED.as_bytes(), &gb(SIMPLIFIED)].concat();
    refuses(&mixed, "mixed encodings: line 1 is UTF-8, line 3 is not", Some(SIMPLIFIED.len()));
    let mixed = [gb("水利工作\n").as_slice(), "全县水利工作".as_bytes()].concat();
    refuses(&mixed, "mixed encodings: line 2 is UTF-8, line 1 is not", Some(9));
    let mut broken = SIMPLIFIED.as_bytes().to_vec();
    broken[27] = 0xff;
    assert!(decode(&broken).is_err());
    let cut = &SIMPLIFIED.as_bytes()[..SIMPLIFIED.len() - 3];
    refuses(cut, "breaks at byte", Some(SIMPLIFIED.len() - 4));
    let mut broken = gb(SIMPLIFIED);
    broken.push(0xff);
    refuses(&broken, "as GB18030 it breaks", Some(broken.len() - 1));
    let mut odd = with(b"\xff\xfe", utf16(SIMPLIFIED, true));
    odd.pop();
    refuses(&odd, "byte order mark says UTF-16LE", Some(odd.len() - 1));
    let lone = [b"\xff\xfe".as_slice(), &[0x2d, 0x4e, 0x00, 0xd8, 0x2d, 0x4e]].concat();
    assert!(decode(&lone).expect_err("a lone surrogate").reason.contains("UTF-16LE"));
    refuses(b"\xef\xbb\xbf\xb1\xa8", "byte order mark says UTF-8", Some(3));
    refuses(b"\xff\xfe\0\0a\0\0\0", "UTF-32", Some(0));
}

#[test]
fn what_is_no_text_is_refused() {
    refuses(b"", "empty", None);
    refuses(b"\xef\xbb\xbf", "nothing but blanks", None);
    refuses(" \r\n\u{3000}\n".as_bytes(), "nothing but blanks", None);
    refuses(b"ab\0cd\xff", "NUL", Some(2));
    refuses("报告\0".as_bytes(), "NUL", Some(6));
    refuses(b"%PDF-1.7 ...", "PDF", Some(0));
    refuses(b"PK\x03\x04....", "docx", Some(0));
    refuses(b"\xd0\xcf\x11\xe0....", ".doc", Some(0));
    refuses(b"{\\rtf1\\ansi}", "RTF", Some(0));
    refuses(b"\x89PNG\r\n\x1a\n", "PNG", Some(0));
    assert!(decode(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 1, 2, 3, 4]).is_err());
    let noise: Vec<u8> = (0..4000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    assert!(decode(&noise).is_err());
}

/// A reading that gives rare characters only is worse than none.
#[test]
fn a_wrong_guess_is_worse_than_an_error() {
    let (shift_jis, _, _) = encoding_rs::SHIFT_JIS.encode("これは日本語の文章です。よろしくお願いします。");
    let (euc_kr, _, _) = encoding_rs::EUC_KR.encode("이것은 한국어 문장입니다. 잘 부탁드립니다.");
    let (cyrillic, _, _) = encoding_rs::WINDOWS_1251.encode("Отчёт о работе за две тысячи двадцать третий год");
    for bytes in [shift_jis, euc_kr, cyrillic] {
        assert!(decode(&bytes).is_err(), "{:?}", decode(&bytes));
    }
}
