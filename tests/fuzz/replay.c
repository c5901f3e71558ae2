/* Gives each file named to the fuzzer's entry, without the fuzzer: so that the corpus is a test. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int count, char **paths) {
    for (int i = 1; i < count; i++) {
        FILE *file = fopen(paths[i], "rb");
        if (!file) {
            perror(paths[i]);
            return 1;
        }
        static uint8_t data[1 << 20];
        size_t size = fread(data, 1, sizeof data, file);
        fclose(file);
        printf("%s\n", paths[i]);
        fflush(stdout);
        LLVMFuzzerTestOneInput(data, size);
    }
    return 0;
}
