//! `print-random SEED BYTES LINE_BYTES FILE`: writes random bytes in random
//! portions of 0 to 200 KiB to both streams, then one line of LINE_BYTES to
//! stdout, and leaves in FILE what went to each.

use silt_test_programs::{Accounted, leave_account};
use std::fs::File;
use std::os::fd::AsFd;
use std::path::PathBuf;

const USAGE: &str = "usage: print-random SEED BYTES LINE_BYTES FILE";
const LARGEST_PORTION: u64 = 200 << 10;

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [seed, bytes, line_bytes, account] = arguments.as_slice() else {
        panic!("{USAGE}")
    };
    let number = |text: &str| text.parse::<u64>().expect(USAGE);
    let mut random = Xorshift(number(seed).max(1));
    let mut left = number(bytes);

    let stdout = File::from(std::io::stdout().as_fd().try_clone_to_owned()?);
    let stderr = File::from(std::io::stderr().as_fd().try_clone_to_owned()?);
    let mut streams = [Accounted::new(stdout), Accounted::new(stderr)];
    while left > 0 {
        let length = (random.next() % (LARGEST_PORTION + 1)).min(left);
        let portion = portion(&mut random, length as usize);
        streams[(random.next() % 2) as usize].write_all(&portion)?;
        left -= length;
    }
    let mut line = vec![b'x'; number(line_bytes) as usize];
    line.push(b'\n');
    streams[0].write_all(&line)?;
    let [stdout, stderr] = &streams;
    let account_text = stdout.account("stdout") + &stderr.account("stderr");
    leave_account(&PathBuf::from(account), &account_text)
}

/// Of three kinds in turn: any bytes, text with characters of many bytes, and
/// lines.
fn portion(random: &mut Xorshift, length: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(length + 8);
    match random.next() % 3 {
        0 => {
            while bytes.len() < length {
                bytes.extend_from_slice(&random.next().to_le_bytes());
            }
        }
        1 => {
            while bytes.len() < length {
                bytes.extend_from_slice("äß€🦀 \u{1b}[31m\t\"\\".as_bytes());
            }
        }
        _ => {
            while bytes.len() < length {
                bytes.push(if random.next().is_multiple_of(40) {
                    b'\n'
                } else {
                    b'a'
                });
            }
        }
    }
    bytes.truncate(length);
    bytes
}

/// George Marsaglia, "Xorshift RNGs", 2003: the 64-bit variant 13, 7, 17.
struct Xorshift(u64);

impl Xorshift {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}
