# The library in its three forms, made of one set of objects.
file(GLOB galvan_sources CONFIGURE_DEPENDS src/*/*.c src/*/*/*.c)
# AVX2 is for x86-64, whose files of that name are compiled for it and chosen when the program runs.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
    file(GLOB avx2_sources src/*/*/avx2*.c)
    set_source_files_properties(${avx2_sources} PROPERTIES
        COMPILE_OPTIONS "-mavx2;-mbmi;-mbmi2;-mpopcnt")
    list(FILTER galvan_sources EXCLUDE REGEX "/no_avx2\\.c$")
else()
    list(FILTER galvan_sources EXCLUDE REGEX "/avx2[^/]*\\.c$")
endif()
list(FILTER galvan_sources EXCLUDE REGEX "${compression_left_out}")
file(GLOB base_sources src/base/*.c)
file(GLOB api_sources src/api/*.c)
set(version_script "${PROJECT_SOURCE_DIR}/cmake/galvan.map")

add_library(galvan_objects OBJECT ${galvan_sources})
target_include_directories(galvan_objects PRIVATE src include)
target_compile_definitions(galvan_objects PRIVATE GALVAN_VERSION="${PROJECT_VERSION}")
target_link_libraries(galvan_objects PRIVATE galvan_flags OpenSSL::Crypto ${compression_targets})
# Only src/api/ has symbols for others, and the version script chooses among them by name.
set_target_properties(galvan_objects PROPERTIES C_VISIBILITY_PRESET hidden)
set_source_files_properties(${api_sources} PROPERTIES COMPILE_OPTIONS -fvisibility=default)
# Only src/base/ meets the platform; every other room is plain C11.
set_source_files_properties(${base_sources} PROPERTIES
    COMPILE_DEFINITIONS _POSIX_C_SOURCE=200809L)

add_library(galvan_internal STATIC $<TARGET_OBJECTS:galvan_objects>)
set_target_properties(galvan_internal PROPERTIES LINKER_LANGUAGE C)
target_include_directories(galvan_internal INTERFACE src include)
target_link_libraries(galvan_internal PUBLIC OpenSSL::Crypto ${compression_targets} Threads::Threads)

add_library(galvan SHARED $<TARGET_OBJECTS:galvan_objects>)
set_target_properties(galvan PROPERTIES LINKER_LANGUAGE C
    VERSION ${PROJECT_VERSION} SOVERSION 0 LINK_DEPENDS "${version_script}")
target_include_directories(galvan INTERFACE
    "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>" "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
target_link_options(galvan PRIVATE "LINKER:--version-script,${version_script}" LINKER:--gc-sections)
target_link_libraries(galvan PRIVATE $<BUILD_INTERFACE:galvan_flags> OpenSSL::Crypto ${compression_targets} Threads::Threads)
if(NOT GALVAN_SANITIZE AND NOT GALVAN_TSAN AND NOT GALVAN_FUZZ)
    target_link_options(galvan PRIVATE LINKER:--no-undefined)
endif()

# An archive keeps every global symbol of its members, gv_* too, which a program could collide with
# or come to lean on. So its only member is all objects linked into one (-r), in which every symbol
# but the public ones is local; sections stay apart, and a program's --gc-sections still works.
set(joined "${PROJECT_BINARY_DIR}/galvan-joined.o")
add_custom_command(OUTPUT "${joined}"
    COMMAND ${CMAKE_C_COMPILER} -r -nostdlib -o "${joined}" $<TARGET_OBJECTS:galvan_objects>
    COMMAND ${CMAKE_OBJCOPY} --wildcard
        --keep-global-symbol=rustls_* --keep-global-symbol=RUSTLS_* --keep-global-symbol=galvan_*
        "${joined}"
    DEPENDS galvan_objects $<TARGET_OBJECTS:galvan_objects>
    COMMAND_EXPAND_LISTS VERBATIM COMMENT "Joining the objects of libgalvan.a")
add_library(galvan_static STATIC "${joined}")
set_source_files_properties("${joined}" PROPERTIES EXTERNAL_OBJECT ON GENERATED ON)
set_target_properties(galvan_static PROPERTIES LINKER_LANGUAGE C OUTPUT_NAME galvan)
target_include_directories(galvan_static INTERFACE
    "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>" "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
target_link_libraries(galvan_static PRIVATE OpenSSL::Crypto ${compression_targets} Threads::Threads)

# The names that programs written for rustls-ffi link with.
file(CREATE_LINK libgalvan.so "${PROJECT_BINARY_DIR}/librustls.so" SYMBOLIC)
file(CREATE_LINK libgalvan.a "${PROJECT_BINARY_DIR}/librustls.a" SYMBOLIC)
