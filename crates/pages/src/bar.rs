//! The one line at the bottom: the next step.

use maud::{Markup, html};
use model::TicketCode;

use crate::{
    Lang, TicketView,
    phrases::{Phrases, phrases},
};

/// For a guest without a ticket: the field for a code. Works without script.
pub(crate) fn find(lang: Lang) -> Markup {
    let says = phrases(lang);
    html! {
        form.bar method="post" action="/find" {
            label for="code" { (says.have_a_code) }
            span.ask {
                // Longer than a code, because people type spaces and hyphens between the letters.
                input #code name="code" required maxlength="16" size=(TicketCode::LEN) autocomplete="off"
                    autocapitalize="characters" autocorrect="off" spellcheck="false" enterkeyhint="go";
                button { (says.find_my_photos) }
            }
        }
    }
}

/// For a guest with a ticket: the code to show, and how many photos there are.
pub(crate) fn ticket(lang: Lang, ticket: &TicketView, total: Option<usize>) -> Markup {
    let says = phrases(lang);
    html! {
        div.bar.mine {
            p {
                strong { (says.show_code) }
                @if let Some(total) = total { (count(says, total)) }
            }
            p.number { (says.ticket) " " b.code { (ticket.code) } }
        }
    }
}

/// "12 photos", in a form that the script can count up.
pub(crate) fn count(says: &Phrases, total: usize) -> Markup {
    html! {
        span data-count=(total) data-one=(says.photos(1)) data-many=(says.photos_many) { (says.photos(total)) }
    }
}
