//! Prints the operator API's OpenAPI document: `docs/openapi.json`, from which the window's types are made.

use std::io::Write;

fn main() -> std::io::Result<()> {
    let json = serde_json::to_string_pretty(&gateway::openapi())?;
    writeln!(std::io::stdout().lock(), "{json}")
}
