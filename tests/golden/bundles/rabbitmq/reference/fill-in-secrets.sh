#!/bin/sh
# Writes the secrets of secrets.env into the env files beside it, each in the form that their readers want. It runs in
# dash, bash and busybox, and needs awk. In the folder of this file:
#   sh fill-in-secrets.sh         into env/cluster.env and env/cluster.docker.env, as far as they are there
#   sh fill-in-secrets.sh --raw   to standard output, a line NAME=value each: for kubectl's --from-env-file
# It may be run again after a value has changed. No secret is in an argument of a program.
set -eu
LC_ALL=C # bytes, not characters: passwords are percent-encoded byte by byte
export LC_ALL
umask 077
cd -- "$(dirname -- "$0")"

program='
BEGIN {
    for (i = 1; i < 256; i++) code[sprintf("%c", i)] = i
    order[1] = "APP_KEY"; from["APP_KEY"] = "APP_KEY"
    order[2] = "APP_AES_SECRET_KEY"; from["APP_AES_SECRET_KEY"] = "APP_AES_SECRET_KEY"
    order[3] = "INIT_ROOT_PASSWORD"; from["INIT_ROOT_PASSWORD"] = "INIT_ROOT_PASSWORD"
    order[4] = "DB_PASSWORD"; from["DB_PASSWORD"] = "DB_PASSWORD"
    order[5] = "CACHE_REDIS_URL"; from["CACHE_REDIS_URL"] = "REDIS_PASSWORD"
    before["CACHE_REDIS_URL"] = "redis://:"; after["CACHE_REDIS_URL"] = "@redis.internal.example.com:6379/0"
    order[6] = "PUBSUB_ADAPTER_REDIS_URL"; from["PUBSUB_ADAPTER_REDIS_URL"] = "REDIS_PASSWORD"
    before["PUBSUB_ADAPTER_REDIS_URL"] = "redis://:"; after["PUBSUB_ADAPTER_REDIS_URL"] = "@redis.internal.example.com:6379/1"
    order[7] = "LOCK_ADAPTER_REDIS_URL"; from["LOCK_ADAPTER_REDIS_URL"] = "REDIS_PASSWORD"
    before["LOCK_ADAPTER_REDIS_URL"] = "redis://:"; after["LOCK_ADAPTER_REDIS_URL"] = "@redis.internal.example.com:6379/2"
    order[8] = "REDIS_URL"; from["REDIS_URL"] = "REDIS_PASSWORD"
    before["REDIS_URL"] = "redis://:"; after["REDIS_URL"] = "@redis.internal.example.com:6379/4"
    order[9] = "QUEUE_ADAPTER_RABBITMQ_URL"; from["QUEUE_ADAPTER_RABBITMQ_URL"] = "QUEUE_ADAPTER_RABBITMQ_PASSWORD"
    before["QUEUE_ADAPTER_RABBITMQ_URL"] = "amqp://nocobase:"; after["QUEUE_ADAPTER_RABBITMQ_URL"] = "@rabbitmq.internal.example.com:5672/nocobase"
    while ((getline line < "secrets.env") > 0) {
        sub(/\r$/, "", line)
        if (line ~ /^[A-Za-z_][A-Za-z0-9_]*=/) {
            end = index(line, "=")
            secret[substr(line, 1, end - 1)] = substr(line, end + 1)
        }
    }
    close("secrets.env")
    for (i = 1; i in order; i++) {
        name = order[i]
        if (secret[from[name]] == "") { missing = missing " " from[name]; secret[from[name]] = "" }
        else value[name] = form(name, whole(name, secret[from[name]]))
        if (style == "plain" && name in value) print name "=" value[name]
    }
    if (style == "plain" || style == "ask") {
        if (missing != "") stop(unique(missing))
        exit 0
    }
}
{
    name = $0
    sub(/^#/, "", name)
    sub(/=.*/, "", name)
    print (index($0, "=") && name in value) ? name "=" value[name] : $0
}
function whole(name, text,    i, sign, encoded) {
    if (!(name in before)) return text
    for (i = 1; i <= length(text); i++) {
        sign = substr(text, i, 1)
        encoded = encoded ((sign ~ /[A-Za-z0-9._~-]/) ? sign : sprintf("%%%02X", code[sign]))
    }
    return before[name] encoded after[name]
}
function form(name, text,    i, number, quote) {
    quote = sprintf("%c", 39)
    for (i = 1; i <= length(text); i++) {
        number = code[substr(text, i, 1)]
        if (number == 127 || (number < 32 && number != 9)) stop(name ": a line end or another control character cannot be written")
    }
    if (style != "quoted" || text !~ /[^A-Za-z0-9_.\/:@%+=,-]/) return text
    if (!index(text, quote) && !index(text, "${") && !index(text, "\\\\") && text !~ /\\$/) return quote text quote
    if (index(text, quote) && text !~ /["\\$`]/) return "\"" text "\""
    stop(name ": no env file carries this value to every reader; choose another secret")
}
function unique(words,    parts, count, i, seen, found) {
    count = split(words, parts, " ")
    for (i = 1; i <= count; i++) if (!(parts[i] in seen)) { seen[parts[i]] = 1; found = found " " parts[i] }
    return "Still missing:" found
}
function stop(words) {
    print words | "cat 1>&2"
    close("cat 1>&2")
    failed = 1
    exit 1
}
END { if (failed) exit 1 }
'

if [ "${1:-}" = --raw ]; then
    awk -v style=plain "$program" < /dev/null
    exit
fi
for file in env/cluster.env env/cluster.docker.env; do
    [ -f "$file" ] || continue
    style=quoted
    [ "$file" = env/cluster.env ] || style=raw
    awk -v "style=$style" "$program" "$file" > "$file.new" || { rm -f -- "$file.new"; exit 1; }
done
for file in env/cluster.env env/cluster.docker.env; do
    [ ! -f "$file.new" ] || mv -f -- "$file.new" "$file"
done
awk -v style=ask "$program" < /dev/null
