//! SQLite through sqlx: frames, originals, derivatives, tickets, jobs. One writer.
