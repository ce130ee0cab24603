//! Writes the first files of a rehearsal into a folder: `cargo run -p rehearsal --example shoot -- DIR [COUNT [WIDTH HEIGHT]]`.

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let dir = PathBuf::from(arguments.next().ok_or("which folder?")?);
    let mut number = |default: u32| arguments.next().map_or(Ok(default), |text| text.parse());
    let (count, width_px, height_px) = (number(3)?, number(6000)?, number(4000)?);
    std::fs::create_dir_all(&dir)?;
    let at = jiff::civil::date(2026, 11, 24).at(19, 5, 9, 120_000_000).in_tz("Europe/Berlin")?;
    for shot in rehearsal::shots(1).take(count as usize) {
        let begun = Instant::now();
        for path in rehearsal::write(&shot, &dir, &at, (width_px, height_px))? {
            let bytes = std::fs::metadata(&path)?.len();
            writeln!(std::io::stdout(), "{} {} bytes, {} ms", path.display(), bytes, begun.elapsed().as_millis())?;
        }
    }
    Ok(())
}
