//! Reads and layers the configuration.
