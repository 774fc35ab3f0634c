# Brotli's encoder and decoder, which bring no CMake package of their own: Brotli_FOUND, and the
# targets Brotli::encoder and Brotli::decoder.
find_path(Brotli_INCLUDE_DIR brotli/decode.h)
find_library(Brotli_ENCODER_LIBRARY brotlienc)
find_library(Brotli_DECODER_LIBRARY brotlidec)
mark_as_advanced(Brotli_INCLUDE_DIR Brotli_ENCODER_LIBRARY Brotli_DECODER_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Brotli
    REQUIRED_VARS Brotli_ENCODER_LIBRARY Brotli_DECODER_LIBRARY Brotli_INCLUDE_DIR)

foreach(half encoder decoder)
    string(TOUPPER ${half} upper)
    if(Brotli_FOUND AND NOT TARGET Brotli::${half})
        add_library(Brotli::${half} UNKNOWN IMPORTED)
        set_target_properties(Brotli::${half} PROPERTIES
            IMPORTED_LOCATION "${Brotli_${upper}_LIBRARY}"
            INTERFACE_INCLUDE_DIRECTORIES "${Brotli_INCLUDE_DIR}")
    endif()
endforeach()
