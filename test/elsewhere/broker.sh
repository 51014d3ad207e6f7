#!/bin/sh
# Starts Kafka on 127.0.0.1 where `kt local` cannot: on Windows. Leaves it running when it serves.
#
#   sh test/elsewhere/broker.sh JARS PORT
#
# JARS is the folder with Kafka's jars; the port after PORT is the controller's. Needs java and kt. Its files and its log go to ./kafka-data.
set -eu

port=$2
mkdir kafka-data
# Java for Windows wants paths of its own, and relative ones are the same everywhere.
cp -R "$1" kafka-data/jars
cd kafka-data
cat >server.properties <<END
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$((port + 1))
listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$((port + 1))
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=data
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
END
java -cp 'jars/*' kafka.tools.StorageTool format --cluster-id MkU3OEVBNTcwNTJENDM2Qg --config server.properties
nohup java -Xmx512m -cp 'jars/*' kafka.Kafka server.properties >server.log 2>&1 &
tries=0
until kt -b "127.0.0.1:$port" --timeout 2s topics list >/dev/null 2>&1; do
  tries=$((tries + 1))
  if [ "$tries" -gt 60 ]; then
    cat server.log >&2
    exit 1
  fi
  sleep 1
done
