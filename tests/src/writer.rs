//! What the crash tests kill. `writer edits` writes customers with an address until it is killed,
//! `writer imports` files of customers; each one that was confirmed is said.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{io::Write, path::Path};

use app::App;
use commands::{ImportOrder, SaveCustomer, Unlock};
use domain::{Address, Customer};

/// Rows of an import.
const ROWS: u64 = 40;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().unwrap();
    let (what, folder, passphrase) = (next(), next(), next());
    let app = App::new(&folder);
    app.ask(Unlock { passphrase }).unwrap();
    for number in 0.. {
        let said = match what.as_str() {
            "imports" => import(&app, Path::new(&folder), number),
            _ => edit(&app, number),
        };
        println!("{said} {number}");
        std::io::stdout().flush().unwrap();
    }
}

fn edit(app: &App, number: u64) -> String {
    let customer = Customer { name: format!("Kunde {number}"), ..Customer::default() };
    let address = Address { city: format!("Ort {number}"), ..Address::default() };
    app.ask(SaveCustomer { customer, addresses: Some(vec![address]) }).unwrap().to_string()
}

/// Imports a file of customers whose town is the import's own name.
fn import(app: &App, folder: &Path, number: u64) -> String {
    let batch = format!("Stapel {}-{number}", std::process::id());
    let mut text = "Firmenname;PLZ;Ort\n".to_owned();
    for row in 0..ROWS {
        text.push_str(&format!("Firma {row} aus {batch};70565;{batch}\n"));
    }
    let file = folder.join("import.csv");
    std::fs::write(&file, text).unwrap();
    let order = ImportOrder { path: file.display().to_string(), ..ImportOrder::default() };
    app.run_import(&order, &store::Stop::new(false), &mut |_, _| {}).unwrap();
    batch
}
