//! Serves a site on loopback and reloads the open page when it changes.
