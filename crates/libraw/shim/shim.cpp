// C face of LibRaw for Boothlight: nothing here throws, nothing here knows a pixel operation.
#include "shim.h"

#include <algorithm>
#include <climits>
#include <cstring>
#include <functional>
#include <string>
#include <libraw/libraw.h>

namespace {

// Own codes, beyond LibRaw's (which are negative, or errno).
constexpr int BL_THROWN = -900001;
constexpr int BL_UNDEVELOPABLE = -900002;
constexpr int BL_WRONG_LENGTH = -900003;

class Reader : public LibRaw {
  public:
    // What it finds damaged is counted; its own report would go to standard error.
    Reader() : LibRaw(LIBRAW_OPTIONS_NO_DATAERR_CALLBACK) {
        imgdata.params.use_camera_wb = 1;
        // Only one raw at a time runs in a capped process; this is LibRaw's own bound, in MiB.
        imgdata.rawparams.max_raw_memory_mb = 1024;
    }

    // Decodes; what `unpacker` knows how to decode is left to it.
    int unpack_with(bl_unpacker unpacker, void *context) {
        libraw_decoder_info_t info;
        if (unpacker && get_decoder_info(&info) == 0 && may_be_left(info.decoder_name)) {
            ask = [this, unpacker, context] { return unpacker(context, &packed); };
            usual = load_raw;
            load_raw = static_cast<void (LibRaw::*)()>(&Reader::ask_first);
        }
        return unpack();
    }

    // LibRaw looks its decoder up by its address.
    int get_decoder_info(libraw_decoder_info_t *info) override {
        if (!usual) return LibRaw::get_decoder_info(info);
        const auto mine = load_raw;
        load_raw = usual;
        const int code = LibRaw::get_decoder_info(info);
        load_raw = mine;
        // The linear kind is stored as that of the other DNGs.
        if (packed.kind == 2) info->decoder_flags |= LIBRAW_DECODER_HASCURVE | LIBRAW_DECODER_ADOBECOPYPIXEL;
        return code;
    }

    bool rotated() const { return libraw_internal_data.internal_output_params.fuji_width != 0; }
    bool corrected_late() { return is_phaseone_compressed() != 0; }

    void settle_black() {
        raw2image_start();
        adjust_bl();
    }

    // 0 mosaic, 1 three samples, 2 grey, 3 four samples; negative: nothing that we develop.
    int layout() const {
        const auto &raw = imgdata.rawdata;
        if (raw.color3_image) return 1;
        if (raw.color4_image) return 3;
        if (!raw.raw_image) return -1;
        if (imgdata.idata.colors == 1) return 2;
        return imgdata.idata.filters ? 0 : -1;
    }

    // Channels 0 red, 1 green, 2 blue, 3 the green in blue's rows.
    bool filter_block(uint32_t &side, uint8_t *out) {
        const auto &id = imgdata.idata;
        if (id.colors != 3 || std::strncmp(id.cdesc, "RGBG", 4) != 0) return false;
        if (id.filters != 9 && id.filters < 1000) return false;
        side = id.filters == 9 ? 6 : 2;
        for (int row = 0; row < 12; row++)
            for (int column = 0; column < 12; column++) {
                const int channel = COLOR(row, column);
                if (channel < 0 || channel > 3) return false;
                uint8_t &place = out[(row % side) * side + column % side];
                if (row < int(side) && column < int(side)) place = uint8_t(channel);
                else if (place != channel) return false;
            }
        return true;
    }

    // Some decoders know their maximum for sure; for the others LibRaw's pictures lower it to what is there.
    bool white_is_sure() {
        libraw_decoder_info_t info;
        return get_decoder_info(&info) == 0 && (info.decoder_flags & LIBRAW_DECODER_FIXEDMAXC) != 0;
    }

  private:
    bl_packed packed{};
    std::function<bool()> ask;
    void (LibRaw::*usual)() = nullptr;

    size_t room() const { return size_t(packed.raw_width) * packed.raw_height * packed.step * sizeof(ushort); }

    bool may_be_left(const char *decoder) {
        const auto &data = libraw_internal_data.unpacker_data;
        const auto &id = imgdata.idata;
        const bool is_flat = id.filters || id.colors == 1;
        const std::string name = decoder;
        packed.samples = is_flat ? 1 : data.tiff_samples;
        packed.step = is_flat ? 1 : 4;
        if (name == "lossless_dng_load_raw()" || name == "jxl_dng_load_raw_placeholder()") {
            packed.kind = name[0] == 'j' ? 2 : 0;
            return is_flat ? data.tiff_samples == 1 : data.tiff_samples == 3 && id.colors == 3;
        }
        packed.kind = 1;
        // Mirrored rows, a level that may be exceeded, and one camera whose rows are shifted stay LibRaw's.
        return name == "lossless_jpeg_load_raw()" && is_flat && !id.dng_version && id.maker_index == LIBRAW_CAMERAMAKER_Canon &&
               !(data.load_flags & (1 | 512)) && imgdata.sizes.raw_width != 3984;
    }

    // Stands where LibRaw has its decoder; LibRaw has room for the samples by now.
    void ask_first() {
        const auto &data = libraw_internal_data.unpacker_data;
        const auto &sizes = imgdata.sizes;
        load_raw = usual;
        usual = nullptr;
        packed.dng_version = imgdata.idata.dng_version;
        packed.data_offset = uint64_t(data.data_offset);
        packed.big_endian = data.order == 0x4d4d;
        packed.raw_width = sizes.raw_width;
        packed.raw_height = sizes.raw_height;
        packed.tile_width = std::min<unsigned>(data.tile_width, sizes.raw_width);
        packed.tile_height = data.tile_length < INT_MAX ? data.tile_length : 0;
        std::copy_n(data.cr2_slice, 3, packed.slices);
        packed.bits = data.tiff_bps;
        packed.curve = imgdata.color.curve;
        packed.out = packed.step == 1 ? imgdata.rawdata.raw_image : reinterpret_cast<ushort *>(imgdata.image);
#ifndef LIBRAW_CALLOC_RAWSTORE
        // A LibRaw of the system's may hand over memory as it was left.
        if (packed.out) std::memset(packed.out, 0, room());
#endif
        if (packed.out && ask()) return;
        // What was begun is not left behind.
        if (packed.out) std::memset(packed.out, 0, room());
        (this->*load_raw)();
    }
};

Reader *reader_of(void *pointer) { return static_cast<Reader *>(pointer); }

template <size_t N> void text(char (&out)[N], const char *from) {
    std::memset(out, 0, N);
    std::memcpy(out, from, strnlen(from, N - 1));
}

template <typename Work> int guarded(Work work) {
    try {
        return work();
    } catch (...) {
        return BL_THROWN;
    }
}

// What LibRaw corrects only on the way to its own picture: taken from there.
int copy_from_picture(Reader &reader, uint16_t *out) {
    const auto &sizes = reader.imgdata.sizes;
    if (!reader.imgdata.image) return LIBRAW_OUT_OF_ORDER_CALL;
    for (int row = 0; row < sizes.height; row++)
        for (int column = 0; column < sizes.width; column++)
            *out++ = reader.imgdata.image[size_t(row) * sizes.iwidth + column][reader.COLOR(row, column)];
    return 0;
}

template <int FROM, int TAKEN> void copy_rows(const ushort (*image)[FROM], size_t pitch, const libraw_image_sizes_t &s, uint16_t *out) {
    for (int row = 0; row < s.height; row++) {
        const auto *line = image + (size_t(row) + s.top_margin) * pitch + s.left_margin;
        for (int column = 0; column < s.width; column++)
            for (int sample = 0; sample < TAKEN; sample++) *out++ = line[column][sample];
    }
}

bool inside(const libraw_image_sizes_t &s) {
    return s.width > 0 && s.height > 0 && s.left_margin + s.width <= s.raw_width && s.top_margin + s.height <= s.raw_height;
}

} // namespace

extern "C" {

const char *bl_version(void) { return LibRaw::version(); }
void bl_sizes(size_t *facts, size_t *preview, size_t *packed) {
    *facts = sizeof(bl_facts);
    *preview = sizeof(bl_preview);
    *packed = sizeof(bl_packed);
}

const char *bl_error_text(int code) {
    switch (code) {
    case BL_THROWN: return "the decoder gave up";
    case BL_UNDEVELOPABLE: return "this kind of sensor data is not developed";
    case BL_WRONG_LENGTH: return "room for another number of samples";
    default: return LibRaw::strerror(code);
    }
}

void *bl_new(void) {
    try {
        return new Reader();
    } catch (...) {
        return nullptr;
    }
}

void bl_free(void *reader) { delete reader_of(reader); }

int bl_open(void *reader, const uint8_t *bytes, size_t length) {
    return guarded([&] { return reader_of(reader)->open_buffer(bytes, length); });
}

size_t bl_previews(void *reader, bl_preview *out, size_t most) {
    const auto &list = reader_of(reader)->imgdata.thumbs_list;
    size_t count = 0;
    for (int index = 0; index < list.thumbcount && index < LIBRAW_THUMBNAIL_MAXCOUNT && count < most; index++) {
        const auto &item = list.thumblist[index];
        const bool is_jpeg = item.tformat == LIBRAW_INTERNAL_THUMBNAIL_JPEG;
        out[count++] = {item.toffset, item.tlength, item.twidth, item.theight, is_jpeg, item.tflip == 0xffff ? 0 : item.tflip};
    }
    return count;
}

int bl_unpack(void *pointer, bl_unpacker unpacker, void *context) {
    return guarded([&] {
        auto &reader = *reader_of(pointer);
        if (const int code = reader.unpack_with(unpacker, context)) return code;
        if (reader.rotated()) return BL_UNDEVELOPABLE;
        if (reader.corrected_late()) {
            if (reader.layout() != 0) return BL_UNDEVELOPABLE;
            if (const int code = reader.raw2image()) return code;
            return reader.subtract_black();
        }
        reader.settle_black();
        return 0;
    });
}

int bl_facts_of(void *pointer, bl_facts *out) {
    return guarded([&] {
        auto &reader = *reader_of(pointer);
        const auto &data = reader.imgdata;
        const auto &colour = data.color;
        std::memset(out, 0, sizeof *out);
        const int layout = reader.layout();
        if (layout < 0 || !inside(data.sizes)) return BL_UNDEVELOPABLE;
        out->layout = layout == 3 ? 1 : uint32_t(layout);
        if (layout == 0 && !reader.filter_block(out->cfa_side, out->cfa)) return BL_UNDEVELOPABLE;
        out->width = data.sizes.width;
        out->height = data.sizes.height;
        out->raw_width = data.sizes.raw_width;
        out->raw_height = data.sizes.raw_height;
        out->left = data.sizes.left_margin;
        out->top = data.sizes.top_margin;
        const auto &crop = data.sizes.raw_inset_crops[0];
        if (crop.cwidth > 0 && crop.cwidth != 0xffff && crop.cheight > 0 && crop.cheight != 0xffff && crop.cleft != 0xffff && crop.ctop != 0xffff) {
            out->crop_left = crop.cleft;
            out->crop_top = crop.ctop;
            out->crop_width = crop.cwidth;
            out->crop_height = crop.cheight;
        }
        out->flip = data.sizes.flip;
        // After adjust_bl the common part is in every channel.
        for (int channel = 0; channel < 4; channel++) out->black_channel[channel] = colour.cblack[channel];
        const unsigned rows = colour.cblack[4], columns = colour.cblack[5];
        if (rows > 0 && columns > 0 && size_t(rows) * columns <= 64) {
            out->black_rows = rows;
            out->black_columns = columns;
            std::copy_n(colour.cblack + 6, rows * columns, out->black_block);
        } else if (rows > 0 && columns > 0) {
            // A large block of small corrections: its mean.
            double sum = 0;
            const size_t count = std::min<size_t>(size_t(rows) * columns, LIBRAW_CBLACK_SIZE - 6);
            for (size_t index = 0; index < count; index++) sum += colour.cblack[6 + index];
            out->black += uint32_t(sum / double(count) + 0.5);
        }
        out->white = colour.maximum;
        out->white_is_sure = reader.white_is_sure();
        out->dng_version = data.idata.dng_version;
        std::memcpy(out->cam_mul, colour.cam_mul, sizeof out->cam_mul);
        std::memcpy(out->pre_mul, colour.pre_mul, sizeof out->pre_mul);
        std::memcpy(out->rgb_cam, colour.rgb_cam, sizeof out->rgb_cam);
        std::memcpy(out->cam_xyz, colour.cam_xyz, sizeof out->cam_xyz);
        out->white_balanced = colour.as_shot_wb_applied != 0;
        out->baseline_exposure_ev = colour.dng_levels.baseline_exposure;
        out->pixel_aspect = float(data.sizes.pixel_aspect);
        out->iso = data.other.iso_speed;
        out->shutter_s = data.other.shutter;
        out->aperture_f = data.other.aperture;
        out->focal_mm = data.other.focal_len;
        text(out->make, data.idata.normalized_make[0] ? data.idata.normalized_make : data.idata.make);
        text(out->model, data.idata.normalized_model[0] ? data.idata.normalized_model : data.idata.model);
        text(out->lens, data.lens.Lens[0] ? data.lens.Lens : data.lens.makernotes.Lens);
        text(out->serial, data.shootinginfo.BodySerial);
        out->data_errors = uint32_t(std::max(0, reader.error_count()));
        return 0;
    });
}

int bl_copy(void *pointer, uint16_t *out, size_t length) {
    return guarded([&] {
        auto &reader = *reader_of(pointer);
        const auto &raw = reader.imgdata.rawdata;
        const auto &sizes = reader.imgdata.sizes;
        const int layout = reader.layout();
        if (layout < 0 || !inside(sizes)) return BL_UNDEVELOPABLE;
        const size_t pixels = size_t(sizes.width) * sizes.height;
        if (length != pixels * (layout == 1 || layout == 3 ? 3 : 1)) return BL_WRONG_LENGTH;
        if (reader.corrected_late()) return copy_from_picture(reader, out);
        if (layout == 1) {
            copy_rows<3, 3>(raw.color3_image, sizes.raw_pitch / 6, sizes, out);
        } else if (layout == 3) {
            copy_rows<4, 3>(raw.color4_image, sizes.raw_pitch / 8, sizes, out);
        } else {
            const size_t pitch = sizes.raw_pitch / 2;
            for (int row = 0; row < sizes.height; row++) {
                const ushort *line = raw.raw_image + (size_t(row) + sizes.top_margin) * pitch + sizes.left_margin;
                std::copy_n(line, sizes.width, out);
                out += sizes.width;
            }
        }
        return 0;
    });
}
}
