//! One round of sync.
