// The whole of LibRaw that Boothlight uses, with plain types only. Mirrored by hand in src/ffi.rs.
#pragma once
#include <cstddef>
#include <cstdint>

struct bl_facts {
    uint32_t width, height;          // active area
    uint32_t raw_width, raw_height;  // all of the sensor
    uint32_t left, top;              // where the active area begins
    uint32_t crop_left, crop_top, crop_width, crop_height; // the maker's own cut of the sensor; width 0 where unknown
    uint32_t layout;                 // 0 mosaic, 1 three samples a pixel, 2 grey
    uint32_t cfa_side;               // 2 or 6 for a mosaic
    uint8_t cfa[36];                 // 0 red, 1 green, 2 blue, 3 the green in blue's rows
    int32_t flip;                    // as LibRaw: bits 4 transpose, 2 upside down, 1 mirror
    uint32_t black;                  // the mean of a block of black levels that is too large to tell
    uint32_t black_channel[4];       // of each filter channel; 3 is the green of blue's rows
    uint32_t black_rows, black_columns;
    uint32_t black_block[64];        // further part by place, of a block that repeats
    uint32_t white;                  // before black is taken away
    uint32_t white_is_sure;
    uint32_t dng_version;
    float cam_mul[4], pre_mul[4];
    float rgb_cam[3][4];
    float cam_xyz[4][3];
    uint32_t white_balanced;         // the samples are balanced already
    float baseline_exposure_ev;
    float pixel_aspect;
    float iso, shutter_s, aperture_f, focal_mm;
    char make[64], model[64], lens[128], serial[64];
    uint32_t data_errors;            // damaged places that the decoder met
};

struct bl_preview {
    int64_t offset;
    uint32_t length;
    uint32_t width, height;
    uint32_t is_jpeg;
    int32_t flip;
};

// Packed samples that another decoder may take over, as LibRaw understood the file.
struct bl_packed {
    uint32_t kind;                   // 0 lossless JPEG of a DNG, 1 of a CR2, 2 JPEG XL of a DNG
    uint32_t dng_version;
    uint64_t data_offset;            // of the data, or of the list of where tiles begin
    uint32_t big_endian;             // that list's order
    uint32_t raw_width, raw_height;  // pixels
    uint32_t tile_width, tile_height; // height 0: all in one piece
    uint32_t slices[3];              // CR2: how many before the last, their width, the last one's
    uint32_t bits;                   // of a sample
    uint32_t samples;                // of a pixel
    uint32_t step;                   // from a pixel to the next in `out`
    const uint16_t *curve;           // 65,536 values by sample
    uint16_t *out;                   // raw_width * raw_height * step, all zero
};

// Fills `out` and returns true; or returns false, and LibRaw decodes as if nobody had been asked. Must not throw.
typedef bool (*bl_unpacker)(void *context, const bl_packed *packed);

extern "C" {
const char *bl_version(void);
void bl_sizes(size_t *facts, size_t *preview, size_t *packed);
const char *bl_error_text(int code);
void *bl_new(void);
void bl_free(void *reader);
// The bytes must live and stay unchanged until bl_free.
int bl_open(void *reader, const uint8_t *bytes, size_t length);
size_t bl_previews(void *reader, bl_preview *out, size_t most);
// `unpacker` may be null.
int bl_unpack(void *reader, bl_unpacker unpacker, void *context);
// After bl_unpack.
int bl_facts_of(void *reader, bl_facts *out);
// Copies the active area's samples, rows without gaps; `length` counts samples and must be what the facts say.
int bl_copy(void *reader, uint16_t *out, size_t length);
}
