// What raw clients send and must see, by subject. See raw.h for the language of
// the rows; cases by the dozen (each byte, each size) are made in test_raw.c.
#pragma once

#include "raw.h"

#define H  "Host: x\r\n"
#define E  "\r\n"
#define HE H E

// A GET of /show with these lines, and a POST to /echo likewise.
#define SHOW(lines) "GET /show HTTP/1.1\r\n" H lines E
#define POST(lines) "POST /echo HTTP/1.1\r\n" H lines E
#define CHUNKS      "Transfer-Encoding: chunked\r\n"
#define SHOWN       "200=GET|/show||x|1.1 keep"
#define REFUSED     "400 close"

#include "raw_cases_body.h"
#include "raw_cases_connection.h"
#include "raw_cases_cut.h"
#include "raw_cases_head.h"
