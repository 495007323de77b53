//! Detection by daachorse, charwise, leftmost-longest: a worker for tests/bench/run.
//!
//!     peer-daachorse FILE NAMES     documents and names, one a line
//!
//! Answers `buffer`, the file as one text, and `lines`, each by itself, with the number of matches.

use daachorse::charwise::CharwiseDoubleArrayAhoCorasickBuilder;
use daachorse::MatchKind;
use std::io::{self, BufRead, Write};
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    let [file, names] = paths.as_slice() else {
        return Err("usage: peer-daachorse FILE NAMES".into());
    };
    let text = std::fs::read_to_string(file)?;
    let names = std::fs::read_to_string(names)?;
    let begin = Instant::now();
    let matcher = CharwiseDoubleArrayAhoCorasickBuilder::new()
        .match_kind(MatchKind::LeftmostLongest)
        .build::<_, _, u32>(names.lines())
        .map_err(|error| error.to_string())?;
    let count = |text: &str| matcher.leftmost_find_iter(text).count();
    println!("ready {:.9}", begin.elapsed().as_secs_f64());
    for request in io::stdin().lock().lines() {
        let found: usize = match request?.as_str() {
            "buffer" => count(&text),
            _ => text.lines().map(count).sum(),
        };
        println!("{found}");
        io::stdout().flush()?;
    }
    Ok(())
}
