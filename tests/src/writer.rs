//! Writes customers with an address until it is killed, and says each one that was confirmed:
//! what the crash test kills.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::io::Write;

use app::App;
use commands::{SaveCustomer, Unlock};
use domain::{Address, Customer};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (folder, passphrase) = (arguments.next().unwrap(), arguments.next().unwrap());
    let app = App::new(folder);
    app.ask(Unlock { passphrase }).unwrap();
    for number in 0.. {
        let customer = Customer { name: format!("Kunde {number}"), ..Customer::default() };
        let address = Address { city: format!("Ort {number}"), ..Address::default() };
        let saved = SaveCustomer { customer, addresses: Some(vec![address]) };
        let id = app.ask(saved).unwrap();
        println!("{id} {number}");
        std::io::stdout().flush().unwrap();
    }
}
