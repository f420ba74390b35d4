//! Any bytes are text or refused: no panic, no replacement character that the bytes do not hold.
#![no_main]

use huibian::source::decode;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    match decode(bytes) {
        Ok(decoded) => {
            assert!(!decoded.text.contains('\0'));
            if let Ok(text) = std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes))
                && decoded.encoding.name() == "UTF-8"
            {
                assert_eq!(decoded.text, text);
            }
        }
        Err(problem) => {
            assert!(!problem.reason.is_empty() && !problem.help.is_empty());
            assert!(problem.byte.is_none_or(|byte| byte <= bytes.len()));
        }
    }
});
