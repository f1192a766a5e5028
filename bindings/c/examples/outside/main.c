/* What a Python source is made of, by the installed library: `outside FILE`. */
#include <lightspeed.h>

#include <stdio.h>
#include <stdlib.h>

static int failed(lightspeed_error *error) {
    lightspeed_str name = lightspeed_status_name(lightspeed_error_code(error));
    lightspeed_str message = lightspeed_error_message(error);
    printf("%.*s: %.*s\n", (int)name.len, name.ptr, (int)message.len, message.ptr);
    lightspeed_error_free(error);
    return 1;
}

static int read_file(const char *path, unsigned char *bytes, size_t room, size_t *len) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return 0;
    }
    *len = fread(bytes, 1, room, file);
    int complete = feof(file);
    fclose(file);
    if (!complete) {
        fprintf(stderr, "%s: more than this example reads\n", path);
    }
    return complete;
}

static int print_blocks(const lightspeed_blocks *blocks) {
    lightspeed_error *error = NULL;
    for (size_t i = 0; i < lightspeed_blocks_count(blocks); i++) {
        lightspeed_str id;
        uint32_t first, last;
        if (lightspeed_blocks_id(blocks, i, &id, &error) != LIGHTSPEED_STATUS_OK ||
            lightspeed_blocks_lines(blocks, i, &first, &last, &error) != LIGHTSPEED_STATUS_OK) {
            return failed(error);
        }
        printf("%u-%u %.*s\n", (unsigned)first, (unsigned)last, (int)id.len, id.ptr);
    }
    return 0;
}

int main(int argc, char **argv) {
    static unsigned char bytes[1 << 16];
    lightspeed_error *error = NULL;
    lightspeed_blocks *blocks = NULL;
    lightspeed_session *session = NULL;
    size_t len;
    if (argc != 2 || !read_file(argv[1], bytes, sizeof bytes, &len)) {
        fprintf(stderr, "usage: %s FILE\n", argv[0]);
        return 2;
    }
    if (lightspeed_abi_version() != LIGHTSPEED_ABI_VERSION) {
        fprintf(stderr, "the library does not fit this program\n");
        return 2;
    }
    printf("libLightspeed %s\n", lightspeed_version().ptr);

    lightspeed_bytes source = {bytes, len};
    if (lightspeed_blocks_analyse(source, NULL, &blocks, &error) != LIGHTSPEED_STATUS_OK) {
        return failed(error);
    }
    int code = print_blocks(blocks);
    lightspeed_blocks_free(blocks);

    /* A failure has a name and a sentence: this file is no configuration of a suite. */
    if (lightspeed_session_open(lightspeed_str_of(argv[1]), NULL, &session, &error) != LIGHTSPEED_STATUS_OK) {
        failed(error);
    }
    lightspeed_session_free(session);
    return code;
}
