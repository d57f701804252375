#include <stdlib.h>

#include "retort/http/media_type.h"

// Suffixes in the order of their bytes, for a binary search. The types are those
// of Python's mimetypes module, with what IANA has registered since.
typedef struct suffix_type {
    const char *suffix;
    const char *type;
} suffix_type;

static const suffix_type types[] = {
    {"3g2", "video/3gpp2"},
    {"3gp", "video/3gpp"},
    {"3gpp", "video/3gpp"},
    {"3gpp2", "video/3gpp2"},
    {"7z", "application/x-7z-compressed"},
    {"a", "application/octet-stream"},
    {"aac", "audio/aac"},
    {"adts", "audio/aac"},
    {"ai", "application/postscript"},
    {"aif", "audio/x-aiff"},
    {"aifc", "audio/x-aiff"},
    {"aiff", "audio/x-aiff"},
    {"apk", "application/vnd.android.package-archive"},
    {"apng", "image/apng"},
    {"ass", "audio/aac"},
    {"atom", "application/atom+xml"},
    {"au", "audio/basic"},
    {"avi", "video/x-msvideo"},
    {"avif", "image/avif"},
    {"bat", "text/plain"},
    {"bcpio", "application/x-bcpio"},
    {"bin", "application/octet-stream"},
    {"bmp", "image/bmp"},
    {"c", "text/plain"},
    {"cc", "text/plain"},
    {"cdf", "application/x-netcdf"},
    {"conf", "text/plain"},
    {"cpio", "application/x-cpio"},
    {"cpp", "text/plain"},
    {"crt", "application/x-x509-ca-cert"},
    {"csh", "application/x-csh"},
    {"css", "text/css"},
    {"csv", "text/csv"},
    {"deb", "application/vnd.debian.binary-package"},
    {"der", "application/x-x509-ca-cert"},
    {"diff", "text/x-diff"},
    {"dll", "application/octet-stream"},
    {"doc", "application/msword"},
    {"docx",
     "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {"dot", "application/msword"},
    {"dvi", "application/x-dvi"},
    {"eml", "message/rfc822"},
    {"eot", "application/vnd.ms-fontobject"},
    {"eps", "application/postscript"},
    {"epub", "application/epub+zip"},
    {"etx", "text/x-setext"},
    {"exe", "application/octet-stream"},
    {"flac", "audio/flac"},
    {"flv", "video/x-flv"},
    {"geojson", "application/geo+json"},
    {"gif", "image/gif"},
    {"glb", "model/gltf-binary"},
    {"gltf", "model/gltf+json"},
    {"gpx", "application/gpx+xml"},
    {"gtar", "application/x-gtar"},
    {"h", "text/plain"},
    {"h5", "application/x-hdf5"},
    {"hdf", "application/x-hdf"},
    {"heic", "image/heic"},
    {"heif", "image/heif"},
    {"hpp", "text/plain"},
    {"htm", "text/html"},
    {"html", "text/html"},
    {"ico", "image/vnd.microsoft.icon"},
    {"ics", "text/calendar"},
    {"ief", "image/ief"},
    {"ini", "text/plain"},
    {"iso", "application/octet-stream"},
    {"jar", "application/java-archive"},
    {"jpe", "image/jpeg"},
    {"jpeg", "image/jpeg"},
    {"jpg", "image/jpeg"},
    {"js", "text/javascript"},
    {"json", "application/json"},
    {"jsonld", "application/ld+json"},
    {"jxl", "image/jxl"},
    {"ksh", "text/plain"},
    {"latex", "application/x-latex"},
    {"loas", "audio/aac"},
    {"log", "text/plain"},
    {"m1v", "video/mpeg"},
    {"m3u", "application/vnd.apple.mpegurl"},
    {"m3u8", "application/vnd.apple.mpegurl"},
    {"m4a", "audio/mp4"},
    {"m4v", "video/mp4"},
    {"man", "application/x-troff-man"},
    {"map", "application/json"},
    {"markdown", "text/markdown"},
    {"md", "text/markdown"},
    {"me", "application/x-troff-me"},
    {"mht", "message/rfc822"},
    {"mhtml", "message/rfc822"},
    {"mid", "audio/midi"},
    {"midi", "audio/midi"},
    {"mif", "application/x-mif"},
    {"mjs", "text/javascript"},
    {"mkv", "video/matroska"},
    {"mov", "video/quicktime"},
    {"movie", "video/x-sgi-movie"},
    {"mp2", "audio/mpeg"},
    {"mp3", "audio/mpeg"},
    {"mp4", "video/mp4"},
    {"mpa", "video/mpeg"},
    {"mpe", "video/mpeg"},
    {"mpeg", "video/mpeg"},
    {"mpg", "video/mpeg"},
    {"ms", "application/x-troff-ms"},
    {"n3", "text/n3"},
    {"nc", "application/x-netcdf"},
    {"nq", "application/n-quads"},
    {"nt", "application/n-triples"},
    {"nws", "message/rfc822"},
    {"o", "application/octet-stream"},
    {"obj", "application/octet-stream"},
    {"oda", "application/oda"},
    {"odp", "application/vnd.oasis.opendocument.presentation"},
    {"ods", "application/vnd.oasis.opendocument.spreadsheet"},
    {"odt", "application/vnd.oasis.opendocument.text"},
    {"oga", "audio/ogg"},
    {"ogg", "audio/ogg"},
    {"ogv", "video/ogg"},
    {"opus", "audio/opus"},
    {"otf", "font/otf"},
    {"p12", "application/x-pkcs12"},
    {"p7c", "application/pkcs7-mime"},
    {"patch", "text/x-diff"},
    {"pbm", "image/x-portable-bitmap"},
    {"pdf", "application/pdf"},
    {"pem", "application/x-pem-file"},
    {"pfx", "application/x-pkcs12"},
    {"pgm", "image/x-portable-graymap"},
    {"pl", "text/plain"},
    {"png", "image/png"},
    {"pnm", "image/x-portable-anymap"},
    {"pot", "application/vnd.ms-powerpoint"},
    {"ppa", "application/vnd.ms-powerpoint"},
    {"ppm", "image/x-portable-pixmap"},
    {"pps", "application/vnd.ms-powerpoint"},
    {"ppt", "application/vnd.ms-powerpoint"},
    {"pptx",
     "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    {"ps", "application/postscript"},
    {"pwz", "application/vnd.ms-powerpoint"},
    {"py", "text/x-python"},
    {"pyc", "application/x-python-code"},
    {"pyo", "application/x-python-code"},
    {"qt", "video/quicktime"},
    {"ra", "audio/x-pn-realaudio"},
    {"ram", "application/x-pn-realaudio"},
    {"rar", "application/vnd.rar"},
    {"ras", "image/x-cmu-raster"},
    {"rdf", "application/xml"},
    {"rgb", "image/x-rgb"},
    {"roff", "application/x-troff"},
    {"rss", "application/rss+xml"},
    {"rst", "text/x-rst"},
    {"rtf", "application/rtf"},
    {"rtx", "text/richtext"},
    {"sgm", "text/x-sgml"},
    {"sgml", "text/x-sgml"},
    {"sh", "application/x-sh"},
    {"shar", "application/x-shar"},
    {"snd", "audio/basic"},
    {"so", "application/octet-stream"},
    {"sql", "application/sql"},
    {"sqlite3", "application/vnd.sqlite3"},
    {"src", "application/x-wais-source"},
    {"srt", "text/plain"},
    {"stl", "model/stl"},
    {"sv4cpio", "application/x-sv4cpio"},
    {"sv4crc", "application/x-sv4crc"},
    {"svg", "image/svg+xml"},
    {"swf", "application/x-shockwave-flash"},
    {"t", "application/x-troff"},
    {"tar", "application/x-tar"},
    {"tcl", "application/x-tcl"},
    {"tex", "application/x-tex"},
    {"texi", "application/x-texinfo"},
    {"texinfo", "application/x-texinfo"},
    {"tif", "image/tiff"},
    {"tiff", "image/tiff"},
    {"tr", "application/x-troff"},
    {"trig", "application/trig"},
    {"ts", "video/mp2t"},
    {"tsv", "text/tab-separated-values"},
    {"ttc", "font/collection"},
    {"ttf", "font/ttf"},
    {"txt", "text/plain"},
    {"ustar", "application/x-ustar"},
    {"vcf", "text/x-vcard"},
    {"vtt", "text/vtt"},
    {"wasm", "application/wasm"},
    {"wav", "audio/x-wav"},
    {"weba", "audio/webm"},
    {"webm", "video/webm"},
    {"webmanifest", "application/manifest+json"},
    {"webp", "image/webp"},
    {"wiz", "application/msword"},
    {"wmv", "video/x-ms-wmv"},
    {"woff", "font/woff"},
    {"woff2", "font/woff2"},
    {"wsdl", "application/xml"},
    {"xbm", "image/x-xbitmap"},
    {"xht", "application/xhtml+xml"},
    {"xhtml", "application/xhtml+xml"},
    {"xlb", "application/vnd.ms-excel"},
    {"xls", "application/vnd.ms-excel"},
    {"xlsx",
     "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {"xml", "text/xml"},
    {"xpdl", "application/xml"},
    {"xpm", "image/x-xpixmap"},
    {"xsl", "application/xml"},
    {"xslt", "application/xslt+xml"},
    {"xwd", "image/x-xwindowdump"},
    {"yaml", "application/yaml"},
    {"yml", "application/yaml"},
    {"zip", "application/zip"},
    {"zst", "application/zstd"},
};

// Suffixes of compressed files: a file of another type, and how it is encoded.
// These differ in case, for `.Z` is compress and `.z` something else.
static const suffix_type encodings[] = {
    {".Z", "compress"}, {".br", "br"}, {".bz2", "bzip2"},
    {".gz", "gzip"},    {".xz", "xz"},
};

// One suffix that stands for two: `.tgz` is `.tar` and `.gz`.
static const struct {
    const char *suffix;
    const char *first;
    const char *encoding;
} aliases[] = {
    {".svgz", ".svg", "gzip"},  {".taz", ".tar", "gzip"},
    {".tbz2", ".tar", "bzip2"}, {".tgz", ".tar", "gzip"},
    {".txz", ".tar", "xz"},     {".tz", ".tar", "gzip"},
};

#define SUFFIX_BYTES_MAX 16

// The suffix at the end of a name, with its dot; empty when there is none. Dots
// at the front make a file hidden and do not start a suffix.
static rt_str suffix_of(rt_str name)
{
    size_t slash = rt_str_rfind_char(name, '/');
    rt_str base =
        slash == RT_STR_NONE ? name : rt_str_slice(name, slash + 1, name.len);
    while (rt_str_skip(&base, RT_STR("."))) {
    }
    size_t dot = rt_str_rfind_char(base, '.');
    return dot == RT_STR_NONE ? (rt_str){0} : rt_str_slice(base, dot, base.len);
}

static int compare_suffix(const void *key, const void *row)
{
    return strcmp(key, ((const suffix_type *)row)->suffix);
}

static rt_str find_type(rt_str suffix)
{
    char key[SUFFIX_BYTES_MAX];

    if (suffix.len < 2 || suffix.len > sizeof key ||
        rt_str_find_char(suffix, '\0') != RT_STR_NONE)
        return (rt_str){0};
    for (size_t i = 1; i < suffix.len; i++)
        key[i - 1] = rt_to_lower(suffix.data[i]);
    key[suffix.len - 1] = '\0';

    const suffix_type *row =
        bsearch(key, types, RT_COUNT(types), sizeof types[0], compare_suffix);
    return row ? rt_str_from(row->type) : (rt_str){0};
}

// Take the part of the suffix that tells how the file is compressed: leaves in
// `*suffix` the one that tells its type.
static rt_str take_encoding(rt_str name, rt_str *suffix)
{
    for (size_t i = 0; i < RT_COUNT(aliases); i++) {
        if (rt_str_eq_nocase(*suffix, rt_str_from(aliases[i].suffix))) {
            *suffix = rt_str_from(aliases[i].first);
            return rt_str_from(aliases[i].encoding);
        }
    }
    for (size_t i = 0; i < RT_COUNT(encodings); i++) {
        if (rt_str_eq(*suffix, rt_str_from(encodings[i].suffix))) {
            *suffix = suffix_of(rt_str_slice(name, 0, name.len - suffix->len));
            return rt_str_from(encodings[i].type);
        }
    }
    return (rt_str){0};
}

rt_str rt_media_type_guess(rt_str file_name, rt_str *encoding)
{
    rt_str suffix = suffix_of(file_name);
    rt_str found = take_encoding(file_name, &suffix);

    if (encoding)
        *encoding = found;
    return find_type(suffix);
}
