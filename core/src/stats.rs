//! Samples to summaries and comparisons. No domain words in here.
