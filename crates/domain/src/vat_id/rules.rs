//! Each country's form and check digit. Sources: the European Commission's VIES page on the
//! structure of VAT numbers, and the countries' own published rules.

/// The forms of a country's numbers behind its two letters, and whether a number of such a form
/// can be. In a form `9` is a digit, `A` a letter, `*` either (or `+`, as in the Netherlands'
/// and Ireland's older ones); anything else stands for itself.
pub(super) type Rule = (&'static [&'static str], fn(&str) -> bool);

pub(super) fn rule(country: &str) -> Option<Rule> {
    Some(match country {
        "AT" => (&["U99999999"], austria),
        "BE" => (&["0999999999", "1999999999"], |t| 97 - number(&t[..8]) % 97 == number(&t[8..])),
        "BG" => (&["999999999", "9999999999"], bulgaria),
        "CY" => (&["99999999A"], cyprus),
        "CZ" => (&["99999999", "999999999", "9999999999"], czechia),
        "DE" => (&["999999999"], iso7064_11_10),
        "DK" => (&["99999999"], |t| sum(t, &[2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)),
        "EE" => (&["999999999"], |t| sum(t, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10)),
        "EL" => (&["999999999"], |t| {
            sum(&t[..8], &[256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10 == number(&t[8..])
        }),
        "ES" => (&["A9999999*", "99999999A"], spain),
        "FI" => (&["99999999"], |t| sum(t, &[7, 9, 10, 5, 8, 4, 2, 1]).is_multiple_of(11)),
        "FR" => (&["**999999999"], france),
        "HR" => (&["99999999999"], iso7064_11_10),
        "HU" => (&["99999999"], |t| sum(t, &[9, 7, 3, 1, 9, 7, 3, 1]).is_multiple_of(10)),
        "IE" => (&["9999999A", "9999999AA", "9*99999A"], ireland),
        "IT" => (&["99999999999"], luhn),
        "LT" => (&["999999999", "999999999999"], lithuania),
        "LU" => (&["99999999"], |t| number(&t[..6]) % 89 == number(&t[6..])),
        "LV" => (&["99999999999"], latvia),
        "MT" => (&["99999999"], |t| sum(t, &[3, 4, 6, 7, 8, 9, 10, 1]).is_multiple_of(37)),
        "NL" => (&["*********B99"], netherlands),
        "PL" => (&["9999999999"], |t| {
            sum(&t[..9], &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == number(&t[9..])
        }),
        "PT" => (&["999999999"], |t| {
            let rest = sum(&t[..8], &[9, 8, 7, 6, 5, 4, 3, 2]) % 11;
            number(&t[8..]) == if rest < 2 { 0 } else { 11 - rest }
        }),
        "RO" => (&ROMANIA, |t| {
            let padded = format!("{t:0>10}");
            sum(&padded[..9], &[7, 5, 3, 2, 1, 7, 5, 3, 2]) * 10 % 11 % 10 == number(&padded[9..])
        }),
        "SE" => (&["999999999901"], |t| luhn(&t[..10])),
        "SI" => (&["99999999"], |t| {
            let check = 11 - sum(&t[..7], &[8, 7, 6, 5, 4, 3, 2]) % 11;
            check != 11 && check % 10 == number(&t[7..])
        }),
        "SK" => (&["9999999999"], |t| number(t).is_multiple_of(11)),
        "XI" => (&["999999999", "999999999999", "GD999", "HA999"], northern_ireland),
        _ => return None,
    })
}

const ROMANIA: [&str; 9] =
    ["99", "999", "9999", "99999", "999999", "9999999", "99999999", "999999999", "9999999999"];

fn number(digits: &str) -> u64 {
    digits.bytes().fold(0, |sum, byte| sum * 10 + u64::from(byte.wrapping_sub(b'0') % 10))
}

/// The digits times their weights; letters weigh nothing.
fn sum(digits: &str, weights: &[u64]) -> u64 {
    let value = |byte: u8| if byte.is_ascii_digit() { u64::from(byte - b'0') } else { 0 };
    digits.bytes().zip(weights).map(|(byte, weight)| value(byte) * weight).sum()
}

/// The letter or digit at this place.
fn at(text: &str, place: usize) -> u8 {
    text.as_bytes().get(place).copied().unwrap_or(0)
}

/// ISO 7064 MOD 11,10: Germany and Croatia.
fn iso7064_11_10(text: &str) -> bool {
    let (body, check) = text.split_at(text.len() - 1);
    let product = body.bytes().fold(10, |product, byte| {
        let sum = (u64::from(byte - b'0') + product) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (11 - product) % 10 == number(check)
}

/// The digit sums of every second digit doubled, counted from the right.
fn doubled(digits: &str, first: usize) -> u64 {
    let places = digits.bytes().rev().enumerate();
    places
        .map(|(place, byte)| {
            let digit = u64::from(byte - b'0') * if place % 2 == first { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum()
}

fn luhn(text: &str) -> bool {
    doubled(text, 1).is_multiple_of(10)
}

fn austria(text: &str) -> bool {
    (96 - doubled(&text[1..8], 1)) % 10 == number(&text[8..])
}

/// Companies have nine digits; the three kinds of ten digits are people's, of several rules.
fn bulgaria(text: &str) -> bool {
    if text.len() == 10 {
        return true;
    }
    let mut rest = sum(&text[..8], &[1, 2, 3, 4, 5, 6, 7, 8]) % 11;
    if rest == 10 {
        rest = sum(&text[..8], &[3, 4, 5, 6, 7, 8, 9, 10]) % 11 % 10;
    }
    rest == number(&text[8..])
}

fn cyprus(text: &str) -> bool {
    const ODD: [u64; 10] = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
    let value = |(place, byte): (usize, u8)| {
        let digit = byte - b'0';
        if place % 2 == 0 { ODD[usize::from(digit)] } else { u64::from(digit) }
    };
    let total: u64 = text[..8].bytes().enumerate().map(value).sum();
    total % 26 == u64::from(at(text, 8) - b'A')
}

/// Companies have eight digits; people's numbers of nine and ten are birth numbers.
fn czechia(text: &str) -> bool {
    text.len() != 8
        || (11 - sum(&text[..7], &[8, 7, 6, 5, 4, 3, 2]) % 11) % 10 == number(&text[7..])
}

/// The old French key is (12 + 3 × (SIREN mod 97)) mod 97; the new one has letters.
fn france(text: &str) -> bool {
    let (key, siren) = text.split_at(2);
    !key.bytes().all(|byte| byte.is_ascii_digit())
        || (12 + 3 * (number(siren) % 97)) % 97 == number(key)
}

/// Seven digits and a letter, then perhaps one more; the oldest have a letter or sign second.
fn ireland(text: &str) -> bool {
    let weights = [8, 7, 6, 5, 4, 3, 2];
    let total = if at(text, 1).is_ascii_digit() {
        let more = if text.len() == 9 { u64::from(at(text, 8) - b'A' + 1) * 9 } else { 0 };
        sum(&text[..7], &weights) + more
    } else {
        sum(&format!("0{}{}", &text[2..7], &text[..1]), &weights)
    };
    let letters = b"WABCDEFGHIJKLMNOPQRSTUV";
    usize::try_from(total % 23).is_ok_and(|rest| letters[rest] == at(text, 7))
}

fn lithuania(text: &str) -> bool {
    let (body, check) = text.split_at(text.len() - 1);
    let mut rest = sum(body, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2]) % 11;
    if rest == 10 {
        rest = sum(body, &[3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4]) % 11 % 10;
    }
    rest == number(check)
}

/// Companies begin with 4 to 9; people's numbers are their birth numbers.
fn latvia(text: &str) -> bool {
    if at(text, 0) <= b'3' {
        return true;
    }
    let rest = sum(&text[..10], &[9, 1, 4, 8, 3, 10, 2, 5, 7, 6]) % 11;
    // 3 − rest, taken round by 11; −1 is given to nobody.
    rest != 4 && (14 - rest) % 11 == number(&text[10..])
}

/// Companies' by MOD 11 over the first nine; since 2020 sole traders' by MOD 97 over all, with
/// letters as two digits.
fn netherlands(text: &str) -> bool {
    let digits = text[..9].bytes().all(|byte| byte.is_ascii_digit());
    if digits && sum(&text[..8], &[9, 8, 7, 6, 5, 4, 3, 2]) % 11 == number(&text[8..9]) {
        return true;
    }
    let rest = "NL".bytes().chain(text.bytes()).fold(0, |rest: u64, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u64::from(byte - b'0')) % 97,
        b'A'..=b'Z' => (rest * 100 + u64::from(byte - b'A') + 10) % 97,
        b'+' => (rest * 100 + 36) % 97,
        _ => (rest * 100 + 37) % 97,
    });
    rest == 1
}

fn northern_ireland(text: &str) -> bool {
    if !at(text, 0).is_ascii_digit() {
        return true;
    }
    let total = sum(&text[..7], &[8, 7, 6, 5, 4, 3, 2]) + number(&text[7..9]);
    total.is_multiple_of(97) || (total + 55).is_multiple_of(97)
}

/// People's: the letter of the number modulo 23, with X, Y, Z for 0, 1, 2 in foreigners'.
/// Companies': a digit or the letter of that rank.
fn spain(text: &str) -> bool {
    const PEOPLE: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    let first = at(text, 0);
    let body = match first {
        b'0'..=b'9' => text[..8].to_owned(),
        b'X'..=b'Z' => format!("{}{}", first - b'X', &text[1..8]),
        b'K' | b'L' | b'M' => text[1..8].to_owned(),
        _ => {
            let check = (10 - doubled(&text[1..8], 0) % 10) % 10;
            let found = at(text, 8);
            let letter = usize::try_from(check).map_or(0, |rank| b"JABCDEFGHI"[rank]);
            return u64::from(found.wrapping_sub(b'0')) == check || found == letter;
        }
    };
    usize::try_from(number(&body) % 23).is_ok_and(|rest| PEOPLE[rest] == at(text, 8))
}
