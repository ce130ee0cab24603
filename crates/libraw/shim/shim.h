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

extern "C" {
const char *bl_version(void);
void bl_sizes(size_t *facts, size_t *preview);
const char *bl_error_text(int code);
void *bl_new(void);
void bl_free(void *reader);
// The bytes must live and stay unchanged until bl_free.
int bl_open(void *reader, const uint8_t *bytes, size_t length);
size_t bl_previews(void *reader, bl_preview *out, size_t most);
int bl_unpack(void *reader);
// After bl_unpack.
int bl_facts_of(void *reader, bl_facts *out);
// Copies the active area's samples, rows without gaps; `length` counts samples and must be what the facts say.
int bl_copy(void *reader, uint16_t *out, size_t length);
}
