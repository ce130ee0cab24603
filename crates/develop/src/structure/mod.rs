//! The structure of camera files: where the parts lie, and whether all of them are there.
//!
//! Completeness is proved here and nowhere else: decoders are too kind to files that were cut.

pub mod bmff;
pub mod heif;
pub mod jpeg;
pub mod makernote;
pub mod mpf;
pub mod raf;
pub mod tiff;
pub mod xmp;
