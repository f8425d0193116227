//! Connecting a workspace, being refused, and parting again.
