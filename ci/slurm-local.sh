#!/usr/bin/env bash
# A Slurm of one node on this machine, started by hand as root: for the tests of ci/levitas.sbatch.
#
#   ci/slurm-local.sh start DIR      munge, controller and node daemon, all their files in DIR
#   ci/slurm-local.sh stop DIR
#
# Then `export SLURM_CONF=DIR/slurm.conf LEVITAS_TEST_SLURM=1` for sbatch, squeue and the test.
# Needs Debian's packages slurm-wlm and munge. Not for production: no accounting, no limits.
set -euo pipefail

action=${1:?start or stop} dir=$(mkdir -p "${2:?a folder}" && cd "$2" && pwd)

stop() {
    local name pid
    for name in slurmd slurmctld munged; do
        pid=$(cat "$dir/$name.pid" 2>/dev/null) && kill "$pid" 2>/dev/null || continue
        for _ in $(seq 100); do # it still writes its state
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.1
        done
    done
}

configure() {
    local host cores memory
    host=$(hostname -s) cores=$(nproc)
    memory=$(awk '/MemTotal/ {print int($2 / 2048)}' /proc/meminfo)
    mkdir -p "$dir/state" "$dir/spool"
    cat > "$dir/slurm.conf" <<CONF
ClusterName=local
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$dir/munge.socket
CryptoType=crypto/munge
MpiDefault=pmi2
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
ReturnToService=2
SchedulerType=sched/backfill
SelectType=select/cons_tres
SlurmctldPort=16817
SlurmdPort=16818
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.pid
SlurmctldLogFile=$dir/slurmctld.log
SlurmdLogFile=$dir/slurmd.log
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool
SchedulerParameters=requeue_delay=0,bf_interval=5
BatchStartTimeout=10
KillWait=5
NodeName=$host NodeAddr=127.0.0.1 CPUs=$cores RealMemory=$memory State=UNKNOWN
PartitionName=local Nodes=$host Default=YES MaxTime=INFINITE OverSubscribe=FORCE:4 State=UP
CONF
}

start() {
    stop
    configure
    export SLURM_CONF="$dir/slurm.conf"
    head -c 1024 /dev/urandom > "$dir/munge.key"
    chmod 700 "$dir" && chmod 600 "$dir/munge.key"
    munged --force --key-file "$dir/munge.key" --socket "$dir/munge.socket" \
        --pid-file "$dir/munged.pid" --log-file "$dir/munged.log" --seed-file "$dir/munge.seed"
    slurmctld -c
    slurmd
    for _ in $(seq 60); do
        sinfo -h -o %t 2>/dev/null | grep -qE 'idle|mix|alloc' && return 0
        sleep 0.5
    done
    echo "Slurm does not answer; see the logs in $dir" >&2
    return 1
}

case $action in
start) start ;;
stop) stop ;;
*) echo "start or stop" >&2 && exit 2 ;;
esac
